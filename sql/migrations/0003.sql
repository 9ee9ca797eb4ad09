-- Version 3: who really sent a mail, and what a project makes of that.

CREATE TYPE patchmail.verdict AS ENUM ('ambiguous', 'fail', 'conflict', 'claimed', 'none', 'pass');
CREATE TABLE patchmail.authentication (
    message_id   bigint NOT NULL,
    position     integer NOT NULL,
    source       text NOT NULL CHECK (source IN ('exchanger', 'list', 'arc', 'received-spf', 'other')),
    field_index  integer NOT NULL,
    authserv_id  text,
    trusted      boolean NOT NULL,
    method       text NOT NULL,
    result       text NOT NULL,
    identity     text,
    alignment    text CHECK (alignment IN ('strict', 'relaxed', 'none')),
    reason       text,
    PRIMARY KEY (message_id, position)
);
ALTER TABLE patchmail.message
    ADD COLUMN verdict patchmail.verdict NOT NULL DEFAULT 'none',
    ADD COLUMN verdict_reason text,
    ADD COLUMN names boolean NOT NULL DEFAULT true;
ALTER TABLE patchmail.policy
    ADD COLUMN store patchmail.verdict NOT NULL DEFAULT 'ambiguous',
    ADD COLUMN otherwise text NOT NULL DEFAULT 'quarantine' CHECK (otherwise IN ('quarantine', 'refuse')),
    ADD COLUMN hints patchmail.verdict NOT NULL DEFAULT 'conflict',
    ADD COLUMN rename patchmail.verdict NOT NULL DEFAULT 'conflict';

-- Functions that are called otherwise now.
DROP FUNCTION IF EXISTS patchmail.set_policy(text, boolean, boolean);
DROP FUNCTION IF EXISTS patchmail.find_person(jsonb, timestamptz);

-- Who may deliver may ask for an explanation too; functions/all.sql makes the function, and the rights stay.
CREATE FUNCTION patchmail.explain(facts jsonb, source jsonb)
RETURNS TABLE (linkname text, verdict patchmail.verdict, reason text, may_be_stored boolean, otherwise text,
               may_use_hints boolean, may_rename boolean)
LANGUAGE sql AS 'SELECT NULL, NULL::patchmail.verdict, NULL, NULL::boolean, NULL, NULL::boolean, NULL::boolean';
DO $$
DECLARE
    deliverer regrole;
BEGIN
    FOR deliverer IN
        SELECT a.grantee::regrole FROM pg_proc p, aclexplode(p.proacl) a
         WHERE p.oid = to_regprocedure('patchmail.store(jsonb, bytea, jsonb)') AND a.grantee NOT IN (0, p.proowner)
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION patchmail.explain(jsonb, jsonb) TO %s', deliverer);
    END LOOP;
END
$$;
