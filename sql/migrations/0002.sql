-- Version 2: revisions of series and what a project wants done about them; text in place of varchar, which costs a
-- delivery more; a comment has no series marker.

CREATE TABLE patchmail.policy (
    project_id  integer PRIMARY KEY,
    relate      boolean NOT NULL DEFAULT false,
    supersede   boolean NOT NULL DEFAULT false
);
CREATE TABLE patchmail.alias (
    project_id  integer NOT NULL,
    alias       text NOT NULL,
    msgid       text NOT NULL,
    PRIMARY KEY (project_id, alias)
);

-- The views are made anew by views/all.sql.
DROP VIEW patchmail.waiting;
ALTER TABLE patchmail.message
    ALTER COLUMN msgid TYPE text, ALTER COLUMN name TYPE text, ALTER COLUMN title TYPE text,
    ALTER COLUMN author_name TYPE text;
ALTER TABLE patchmail.reference ALTER COLUMN msgid TYPE text;
ALTER TABLE patchmail.dependency ALTER COLUMN msgid TYPE text;

UPDATE patchmail.message SET number = NULL, total = NULL WHERE kind = 'comment' AND number IS NOT NULL;
ALTER TABLE patchmail.message ADD CHECK (kind <> 'comment' OR number IS NULL);
CREATE INDEX message_change_id ON patchmail.message (project_id, change_id) WHERE change_id IS NOT NULL;

-- Functions that are called otherwise now.  functions/all.sql makes them; those that deliverers may call stay, and so
-- do their rights.
DO $$
DECLARE
    old regprocedure;
BEGIN
    FOR old IN
        SELECT p.oid::regprocedure FROM pg_proc p
         WHERE p.pronamespace = 'patchmail'::regnamespace
           AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee NOT IN (0, p.proowner))
    LOOP
        EXECUTE format('DROP FUNCTION %s', old);
    END LOOP;
END
$$;
