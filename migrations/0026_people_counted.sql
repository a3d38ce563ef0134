-- How many people have a registration of a programme, for the press page: counted with the rest. The rows are counted
-- again, with it.
ALTER TABLE figures ADD COLUMN people BIGINT NOT NULL DEFAULT 0;
DELETE FROM figures;
