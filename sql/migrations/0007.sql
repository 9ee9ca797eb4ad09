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

-- They take the transport, too.
DROP FUNCTION IF EXISTS _patchmail.store_message(integer, jsonb, text);
DROP FUNCTION IF EXISTS _patchmail.store_batch(integer, jsonb[]);

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
DROP FUNCTION IF EXISTS patchmail.store_many(jsonb, jsonb);

DROP FUNCTION IF EXISTS _patchmail.relate_patches(integer, integer, patchmail.verdict);
DROP FUNCTION IF EXISTS _patchmail.supersede_series(integer);
DROP FUNCTION IF EXISTS _patchmail.mark_quarantined(bigint[], text);
ALTER TABLE patchmail.policy ADD COLUMN cover_trailers boolean NOT NULL DEFAULT false;
DROP FUNCTION IF EXISTS patchmail.set_policy(text, boolean, boolean, text, text, text, text, text);
CREATE TYPE patchmail.fault AS (
    project    text,
    kind       text,
    object     text,
    object_id  bigint,
    detail     text
);

CREATE TABLE patchmail.person_alias (
    email      text COLLATE "C" PRIMARY KEY,
    person_id  integer NOT NULL
);
CREATE TABLE patchmail.person_name (
    person_id  integer PRIMARY KEY,
    name       text NOT NULL
);
CREATE TABLE patchmail.removed (
    project_id     integer NOT NULL,
    msgid          text NOT NULL,
    to_project_id  integer,
    author         text,
    why            text NOT NULL,
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, msgid)
);
CREATE INDEX removed_to ON patchmail.removed (to_project_id, project_id) WHERE to_project_id IS NOT NULL;
ALTER TABLE patchmail.message ADD COLUMN transport text,
                              ADD COLUMN pinned boolean NOT NULL DEFAULT false,
                              ADD COLUMN edited boolean NOT NULL DEFAULT false;

-- The first page of each list, and what CI systems ask for, by project.
CREATE INDEX patchmail_event_project_date ON public.patchwork_event (project_id, date);
CREATE INDEX patchmail_patch_project_date ON public.patchwork_patch (project_id, date);
CREATE INDEX patchmail_series_project_date ON public.patchwork_series (project_id, date);

CREATE INDEX message_arrived ON patchmail.message (project_id, arrived);

CREATE TABLE patchmail.retention (
    what  text PRIMARY KEY CHECK (what IN ('waiting', 'ignored', 'overdue', 'quarantine', 'audit', 'raw')),
    keep  interval CHECK (keep >= interval '0')
);
INSERT INTO patchmail.retention (what, keep) VALUES
    ('waiting', '30 days'), ('ignored', '30 days'), ('overdue', '30 days'), ('quarantine', NULL), ('audit', NULL),
    ('raw', '1 year');
