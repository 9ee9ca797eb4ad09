-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.


ALTER TABLE patchmail.policy
    ADD COLUMN archive_after interval CHECK (archive_after > interval '0'),
    ADD COLUMN show_addresses boolean NOT NULL DEFAULT true;
DROP FUNCTION IF EXISTS patchmail.set_policy(text, boolean, boolean, text, text, text, text, text, boolean);

-- They ask whether an address may be shown.
DROP FUNCTION IF EXISTS _patchmail.person_part(integer, text);
DROP FUNCTION IF EXISTS _patchmail.user_part(integer, text);
DROP FUNCTION IF EXISTS _patchmail.mail_mbox(integer, timestamptz, text, integer, text, text, text);
