-- _patchmail.keys_compared(stored, own, names): which values of a mail are compared when it is read again.
-- Takes    its ledger row; whether it was made of the bytes that were read, or these are a copy from elsewhere; whether
--          its author's name counts.
-- Rules    Of a mail that Patchwork stored, only what Patchwork's row has counts: its place is given.  So is that of
--          one to which an admin gave it, whatever its marker and references are.  The header of a copy is another one,
--          and says other things of the sender.  Names that do not count stay as they are, and so does whether a
--          comment that people have dealt with asks for action.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.keys_compared(stored patchmail.message, own boolean, names boolean)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(k.key)
      FROM (VALUES ('kind', true, true), ('content', true, true), ('diff', true, true), ('hash', true, true),
                   ('git_patch_id', true, true), ('pull_url', true, true), ('name', stored.kind <> 'comment', true),
                   ('message_id', false, own), ('headers', false, own), ('verdict', false, own),
                   ('verdict_reason', false, own), ('results', false, own),
                   ('author', false, own), ('author_name', false, names),
                   ('version', false, true), ('minor', false, true), ('number', false, true), ('total', false, true),
                   ('title', false, true),
                   ('references', false, true), ('date', false, true), ('change_id', false, true),
                   ('action_required', false, true), ('depends_on', false, true), ('base_commit', false, true),
                   ('wrapped_message_id', false, own))
           AS k (key, of_patchwork, compared)
     WHERE CASE WHEN stored.adopted THEN k.of_patchwork
                WHEN stored.pinned AND k.key = ANY ('{version,minor,number,total,references}') THEN false
                ELSE k.compared END;
$$;
