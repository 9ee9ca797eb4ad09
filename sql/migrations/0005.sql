-- Version 5: what a stranger may not do: take somebody's place, name or Message-ID, or stop a project.

DROP FUNCTION IF EXISTS patchmail.extend_series(patchmail.message);
DROP FUNCTION IF EXISTS patchmail.join_loose_series(integer[], integer[], double precision[], text[], integer[]);
DROP FUNCTION IF EXISTS patchmail.move_series(patchmail.message, bigint[], integer[]);

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
-- It is told whether the role may be one that can do more than deliver.
DROP FUNCTION IF EXISTS patchmail.add_deliverer(name);
