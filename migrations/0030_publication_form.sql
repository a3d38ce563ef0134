-- The form that made a release, by what it had shown: pressed twice, it has published once. NULL where none did.
ALTER TABLE programme_release ADD COLUMN form TEXT;
