-- `registration_standing` finds them. In a migration of its own, as in 0032.
DROP INDEX registration_gone;
