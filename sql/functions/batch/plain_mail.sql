-- _patchmail.plain_mail(facts, sources): finds the mails of a batch that, by what they say themselves, may be stored
-- together.
-- Takes    what patchmail.store_many takes.
-- Gives    for each its number in the batch, and the one project that it belongs to.
-- Rules    Left out is a mail of a list with several projects or with a pattern for subjects, or of several lists with
--          projects; a wrapped mail; one that is empty or has to be quarantined; one that comes from the quarantine,
--          where its outcome has to be noted too; and one that was taken from its mailbox before.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.plain_mail(facts jsonb, sources jsonb)
RETURNS TABLE (number integer, project_id integer) LANGUAGE sql STABLE AS $$
    WITH mail AS MATERIALIZED (
        SELECT m.n::integer AS number,
               CASE WHEN m.source->>'list_id' IS NULL THEN m.facts->'list_ids'
                    ELSE jsonb_build_array(jsonb_build_object('id', m.source->'list_id')) END AS lists
          FROM ROWS FROM (jsonb_array_elements($1), jsonb_array_elements($2)) WITH ORDINALITY AS m(facts, source, n)
         WHERE m.facts->>'facts' = '1' AND m.facts->>'rejected' IS NULL
           AND m.facts->>'kind' IN ('patch', 'cover', 'comment') AND m.facts->>'patch_like' IS NULL
           AND m.facts->>'message_id' IS NOT NULL AND m.facts->>'wrapped_message_id' IS NULL
           AND NOT m.source ? 'quarantine_id'
           AND (m.source->>'uid' IS NULL OR EXISTS (
               SELECT FROM patchmail.cursor c
                WHERE c.account = m.source->>'account' AND c.mailbox = m.source->>'mailbox'
                  AND (NOT _patchmail.knows_uid(c, (m.source->>'uid')::bigint) OR EXISTS (
                      SELECT FROM patchmail.deferred_uid d
                       WHERE d.account = c.account AND d.mailbox = c.mailbox
                         AND d.uid = (m.source->>'uid')::bigint))))
    ), known AS MATERIALIZED (
        SELECT l.lists, _patchmail.find_projects(jsonb_build_object('list_ids', l.lists), '{}') AS projects
          FROM (SELECT DISTINCT a.lists FROM mail a) l
    )
    SELECT a.number, p.id
      FROM mail a JOIN known k ON k.lists = a.lists
      JOIN public.patchwork_project p ON p.id = k.projects[1] AND p.subject_match::text = ''
     WHERE cardinality(k.projects) = 1;
$$;
