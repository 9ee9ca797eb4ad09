-- Many mails are stored in one call: what places them takes several at once.
DROP FUNCTION IF EXISTS patchmail.keep_series(bigint, bigint[], integer[], integer[]);
DROP FUNCTION IF EXISTS patchmail.move_series(bigint, bigint, bigint[], integer[], integer[], patchmail.message[]);
DROP FUNCTION IF EXISTS patchmail.complete_series(integer, patchmail.message);
DROP FUNCTION IF EXISTS patchmail.count_tags(integer, text);
-- Renamed: fault_of_error.
DROP FUNCTION IF EXISTS patchmail.judge_error(jsonb, jsonb, boolean, text, text, text, text);
