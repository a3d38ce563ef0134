-- `registration_person` begins with the same column. In a migration of its own: to make an index and to drop one in one
-- transaction waits for desks that wait for it.
DROP INDEX registration_participant;
