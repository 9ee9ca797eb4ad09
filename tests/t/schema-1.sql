-- Schema patchmail in version 1, for the test of its upgrade, on the tables of Patchwork: what pg_dump said of it, of
-- the functions only those that matter, with other bodies.


CREATE SCHEMA patchmail;
COMMENT ON SCHEMA patchmail IS 'patchmaild: what it adds to the tables of Patchwork';

CREATE TABLE patchmail.message (
    id bigint NOT NULL,
    project_id integer NOT NULL,
    msgid character varying(255) NOT NULL,
    thread bigint NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    number integer,
    total integer,
    name character varying(255) NOT NULL,
    title character varying(255) NOT NULL,
    refs text[] NOT NULL,
    date timestamp with time zone NOT NULL,
    arrived timestamp with time zone DEFAULT now() NOT NULL,
    submitter_id integer NOT NULL,
    author_name character varying(255),
    change_id text,
    adopted boolean DEFAULT false NOT NULL,
    waiting jsonb,
    patch_id integer,
    cover_id integer,
    patchcomment_id integer,
    covercomment_id integer,
    anchor_id bigint,
    series_id integer,
    parent_id bigint,
    CONSTRAINT message_check CHECK (((number IS NULL) = (total IS NULL))),
    CONSTRAINT message_kind_check CHECK ((kind = ANY (ARRAY['patch'::text, 'cover'::text, 'comment'::text])))
);

CREATE TABLE patchmail.dependency (
    message_id bigint NOT NULL,
    project_id integer NOT NULL,
    msgid character varying(255),
    series_id integer,
    patch_id integer,
    CONSTRAINT dependency_check CHECK ((num_nonnulls(msgid, series_id, patch_id) = 1))
);

CREATE TABLE patchmail.installed (
    version integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT installed_version_check CHECK ((version > 0))
);

ALTER TABLE patchmail.message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME patchmail.message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE patchmail.quarantine (
    id bigint NOT NULL,
    reason text NOT NULL,
    msgid text,
    subject text,
    sha256 text,
    size bigint NOT NULL,
    source jsonb NOT NULL,
    facts jsonb NOT NULL,
    arrived timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    last_try timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE patchmail.quarantine ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME patchmail.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE patchmail.quarantine_part (
    quarantine_id bigint NOT NULL,
    part integer NOT NULL,
    raw bytea NOT NULL
);
ALTER TABLE ONLY patchmail.quarantine_part ALTER COLUMN raw SET STORAGE EXTERNAL;

CREATE TABLE patchmail.reference (
    project_id integer NOT NULL,
    msgid character varying(255) NOT NULL,
    message_id bigint NOT NULL
);

CREATE VIEW patchmail.waiting AS
 SELECT p.linkname AS project,
    m.msgid,
    m.name AS subject,
    a.email AS submitter,
    m.date,
    m.arrived,
    m.refs[1] AS answers
   FROM ((patchmail.message m
     JOIN public.patchwork_project p ON ((p.id = m.project_id)))
     JOIN public.patchwork_person a ON ((a.id = m.submitter_id)))
  WHERE (m.waiting IS NOT NULL);

ALTER TABLE ONLY patchmail.installed ADD CONSTRAINT installed_pkey PRIMARY KEY (version);

ALTER TABLE ONLY patchmail.message ADD CONSTRAINT message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY patchmail.message ADD CONSTRAINT message_project_id_msgid_key UNIQUE (project_id, msgid);

ALTER TABLE ONLY patchmail.quarantine_part ADD CONSTRAINT quarantine_part_pkey PRIMARY KEY (quarantine_id, part);

ALTER TABLE ONLY patchmail.quarantine ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

ALTER TABLE ONLY patchmail.reference ADD CONSTRAINT reference_pkey PRIMARY KEY (project_id, msgid, message_id);

CREATE INDEX dependency_message ON patchmail.dependency USING btree (message_id);

CREATE INDEX dependency_msgid ON patchmail.dependency USING btree (project_id, msgid);

CREATE INDEX message_submitter ON patchmail.message USING btree (submitter_id, date);

CREATE INDEX message_thread ON patchmail.message USING btree (thread);

CREATE INDEX message_waiting ON patchmail.message USING btree (arrived) WHERE (waiting IS NOT NULL);

CREATE UNIQUE INDEX quarantine_sha256 ON patchmail.quarantine USING btree (sha256);

ALTER TABLE ONLY patchmail.dependency ADD CONSTRAINT dependency_message_id_fkey FOREIGN KEY (message_id) REFERENCES
    patchmail.message(id) ON DELETE CASCADE;

ALTER TABLE ONLY patchmail.quarantine_part ADD CONSTRAINT quarantine_part_quarantine_id_fkey FOREIGN KEY (quarantine_id)
    REFERENCES patchmail.quarantine(id) ON DELETE CASCADE;

CREATE FUNCTION patchmail.join_threads(message patchmail.message, threads bigint[], OUT thread bigint,
                                       OUT joined boolean, OUT answered boolean)
    LANGUAGE plpgsql AS 'BEGIN END';

CREATE FUNCTION patchmail.quarantine_append(quarantine_id bigint,
                                            raw bytea) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';

CREATE FUNCTION patchmail.read_message(project public.patchwork_project, facts jsonb) RETURNS patchmail.message
    LANGUAGE sql STABLE AS 'SELECT NULL::patchmail.message';

CREATE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';

CREATE FUNCTION patchmail.store(facts jsonb, raw bytea, source jsonb, OUT outcome text, OUT reason text,
                                OUT quarantine_id bigint)
    LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA patchmail FROM PUBLIC;
CREATE INDEX patchmail_person_email ON public.patchwork_person (upper(email));
CREATE INDEX patchmail_user_email ON public.auth_user (upper(email));
CREATE INDEX patchmail_event_date ON public.patchwork_event (date);
INSERT INTO patchmail.installed (version) VALUES (1);
INSERT INTO patchmail.message (project_id, msgid, thread, kind, version, number, total, name, title, refs, date,
                               submitter_id)
VALUES (1, '<c@example.org>', 1, 'cover', 1, 0, 2, 'c', 'c', '{}', '2026-02-01', 1),
       (1, '<r@example.org>', 1, 'comment', 1, 0, 2, '[0/2] c', 'c', '{<c@example.org>}', '2026-02-01', 1);
