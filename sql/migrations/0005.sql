-- Version 5: what a stranger may not do: take somebody's place, name or Message-ID, or stop a project.

DROP FUNCTION IF EXISTS patchmail.extend_series(patchmail.message);
DROP FUNCTION IF EXISTS patchmail.join_loose_series(integer[], integer[], double precision[], text[], integer[]);
DROP FUNCTION IF EXISTS patchmail.move_series(patchmail.message, bigint[], integer[]);
