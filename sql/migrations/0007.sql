-- Version 7: what only patchmail's own functions call stands in a schema of its own; what admins do is written down;
-- the bytes of mail may be kept.

-- Functions keep what depends on them when they move; functions/all.sql makes them anew there.
DO $$
DECLARE
    inner_function regprocedure;
BEGIN
    FOR inner_function IN
        SELECT p.oid::regprocedure FROM pg_proc p
         WHERE p.pronamespace = 'patchmail'::regnamespace
           AND p.proname <> ALL ('{add_deliverer,add_project,allowed,defer_uid,discard,excess_rights,expire,explain,
                                   facts_fault,find_time_zone,forget_uid,lock_account,next_marked,open_mailbox,overdue,
                                   patch_json,place_waiting,project_json,project_names,quarantine_append,
                                   quarantine_raw,release,remove_deliverer,retry,schema_version,
                                   series_json,set_policy,set_time_zone,settle_uid,store,store_many,tidy,
                                   unlock_account,write_series_references}')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET SCHEMA _patchmail', inner_function);
    END LOOP;
END
$$;

CREATE TABLE patchmail.audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    role        name NOT NULL DEFAULT session_user,
    actor       text,
    function    text NOT NULL,
    project_id  integer,
    object      text NOT NULL,
    object_id   bigint,
    before      jsonb,
    after       jsonb
);
CREATE INDEX audit_object ON patchmail.audit (object, object_id);
CREATE INDEX audit_at ON patchmail.audit (at);

CREATE SEQUENCE patchmail.raw_id_seq AS bigint;
CREATE TABLE patchmail.raw (
    id       bigint NOT NULL DEFAULT nextval('patchmail.raw_id_seq'),
    sha256   bytea NOT NULL,
    msgid    text NOT NULL,
    arrived  timestamptz NOT NULL DEFAULT now(),
    size     integer NOT NULL,
    source   jsonb NOT NULL,
    raw      bytea NOT NULL
) PARTITION BY RANGE (arrived);
CREATE INDEX raw_id ON patchmail.raw (id);
CREATE INDEX raw_msgid ON patchmail.raw (msgid);
ALTER SEQUENCE patchmail.raw_id_seq OWNED BY patchmail.raw.id;

CREATE TABLE patchmail.raw_rest PARTITION OF patchmail.raw (PRIMARY KEY (sha256)) DEFAULT;

-- It takes the bytes too.
DROP FUNCTION patchmail.store_many(jsonb, jsonb);
