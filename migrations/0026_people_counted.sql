-- How many people have a registration of a programme, for the press page: counted with the rest. The rows are counted
-- again, with it.
ALTER TABLE figures ADD COLUMN people BIGINT NOT NULL DEFAULT 0;
DELETE FROM figures;

-- The figures of a session were those of its last mark. They are kept right from now on (`attendance::store::recount`).
UPDATE attendance SET (registered, absent) = (
    SELECT CAST(COALESCE(SUM(r.people), 0) AS BIGINT), CAST(COALESCE(SUM(r.people - COALESCE(r.attended, 0)), 0) AS BIGINT)
    FROM registration r WHERE r.session_id = attendance.session_id AND r.state = 'confirmed')
WHERE EXISTS (SELECT 1 FROM registration m WHERE m.session_id = attendance.session_id AND m.attended IS NOT NULL);
UPDATE attendance SET registered = 0, absent = 0
WHERE NOT EXISTS (SELECT 1 FROM registration m WHERE m.session_id = attendance.session_id AND m.attended IS NOT NULL);
