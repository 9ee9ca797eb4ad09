-- Version 5: what a stranger may not do: take somebody's place, name or Message-ID, or stop a project.

DROP FUNCTION IF EXISTS patchmail.extend_series(patchmail.message);
DROP FUNCTION IF EXISTS patchmail.join_loose_series(integer[], integer[], double precision[], text[], integer[]);
DROP FUNCTION IF EXISTS patchmail.move_series(patchmail.message, bigint[], integer[]);
DROP FUNCTION IF EXISTS patchmail.fill_series(integer, patchmail.message, bigint[]);

-- Addresses are compared by ASCII case alone.
DROP INDEX public.patchmail_person_email;
CREATE INDEX patchmail_person_email ON public.patchwork_person (upper(email::text COLLATE "C"));
DROP INDEX public.patchmail_user_email;
CREATE INDEX patchmail_user_email ON public.auth_user (upper(email::text COLLATE "C"));

ALTER TABLE patchmail.policy ADD revise patchmail.verdict NOT NULL DEFAULT 'conflict';
DROP FUNCTION IF EXISTS patchmail.set_policy(text, boolean, boolean, patchmail.verdict, text, patchmail.verdict,
                                             patchmail.verdict);
DROP FUNCTION IF EXISTS patchmail.relate_patches(integer, integer);
DROP FUNCTION IF EXISTS patchmail.admit_message(patchmail.message, text, boolean, jsonb, boolean);
DROP FUNCTION IF EXISTS patchmail.settle_series(integer);

-- A mailbox belongs to one deliverer.
ALTER TABLE patchmail.cursor ADD COLUMN deliverer name;
-- Its argument says whether the role may be one that can do more than deliver.
DROP FUNCTION IF EXISTS patchmail.add_deliverer(name);

CREATE TABLE patchmail.unplaced (
    project_id  integer NOT NULL,
    pile        integer NOT NULL,
    step        integer NOT NULL,
    msgid       text NOT NULL,
    after       bigint NOT NULL,
    PRIMARY KEY (project_id, pile, step, msgid)
);
DROP FUNCTION IF EXISTS patchmail.take_comment(patchmail.message);
DROP FUNCTION IF EXISTS patchmail.place_answers(integer, text);
DROP FUNCTION IF EXISTS patchmail.find_delegate(integer, text, jsonb);

CREATE TABLE patchmail.overdue (
    sha256     text PRIMARY KEY,
    msgid      text,
    projects   text,
    attempts   integer NOT NULL DEFAULT 1,
    seconds    integer NOT NULL,
    newest     bigint NOT NULL,
    first_try  timestamptz NOT NULL DEFAULT now(),
    last_try   timestamptz NOT NULL DEFAULT now()
);

DROP FUNCTION IF EXISTS patchmail.explain(jsonb, jsonb);
DROP FUNCTION IF EXISTS patchmail.allowed(text, patchmail.verdict);
-- Which process follows a mailbox is in its row.
ALTER TABLE patchmail.cursor ADD COLUMN holder text, ADD COLUMN held_until timestamptz;
DROP FUNCTION IF EXISTS patchmail.lock_account(jsonb);
-- A mail that the server does not hand over is asked for less often in time.
ALTER TABLE patchmail.deferred_uid ADD COLUMN withheld boolean NOT NULL DEFAULT false;
-- Patchwork's time zone; install.sql finds it.
CREATE TABLE patchmail.setting (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    time_zone    text NOT NULL,
    local_clock  boolean NOT NULL
);

-- What is the site's fault is kept apart from what is the mail's.
ALTER TABLE patchmail.message ADD CHECK (kind <> 'cover' OR number IS NOT NULL OR adopted);

-- A reply that waits keeps who wrote it: somebody may delete him.
UPDATE patchmail.message m
   SET waiting = m.waiting || jsonb_build_object('author', jsonb_build_object('name', m.author_name, 'email', p.email))
  FROM public.patchwork_person p
 WHERE p.id = m.submitter_id AND m.waiting IS NOT NULL AND NOT m.waiting ? 'author';

-- Mail that is ignored is counted.
CREATE TABLE patchmail.ignored_mail (
    day         date NOT NULL,
    list_id     text NOT NULL,
    reason      text NOT NULL,
    slot        integer NOT NULL,
    mails       bigint NOT NULL DEFAULT 1,
    last_msgid  text,
    last_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (day, list_id, reason, slot)
);

-- Mail in quarantine can be tried again and released.
ALTER TABLE patchmail.quarantine ADD mark text CHECK (mark IN ('retry', 'release')), ADD marked_by text;
CREATE INDEX quarantine_marked ON patchmail.quarantine (id) WHERE mark IS NOT NULL;
DROP FUNCTION IF EXISTS patchmail.store_message(integer, jsonb);
-- What is known of the events that are there.
CREATE SEQUENCE patchmail.known_event AS bigint MINVALUE 0;
CREATE SEQUENCE patchmail.last_date AS bigint MINVALUE 0;
DROP FUNCTION IF EXISTS patchmail.event_date(integer);

-- Series join if a sending broke off, a Message-ID was replaced, or a version or total is a slip.
DROP FUNCTION IF EXISTS patchmail.join_loose_series(integer[], bit varying[], double precision[], integer[], boolean[]);

-- Who waits is nobody until he has his place.
UPDATE patchmail.message m SET submitter_id = 0 WHERE m.waiting->'author'->>'email' IS NOT NULL;

-- What looks like a cover letter may be an answer to one.
ALTER TABLE patchmail.message DROP CONSTRAINT message_check,
    ADD CONSTRAINT message_check CHECK (kind = 'comment' OR (number IS NULL) = (total IS NULL));
