-- patchmail.facts_fault(facts): names what no table can hold of a mail's facts, whatever is done with the database.
-- Takes    the facts as text, since PostgreSQL may not accept them as JSON.
-- Gives    the reason in words, or NULL if nothing is wrong with them: then it is the site's fault that the mail could
--          not be stored.
-- Rules    Called only after a mail could not be stored.  It reads every value that _patchmail.store_message reads, in
--          the same way, and compares it with what its column takes in Patchwork's tables and ours; it ignores
--          constraints that others have added.
-- Touches  nothing.  Deliverers may call it: PostgreSQL rejects some facts before it calls patchmail.store.
CREATE OR REPLACE FUNCTION patchmail.facts_fault(facts text)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    mail    jsonb;
    variant jsonb;  -- the mail with the verdict on its author that one of its lists reaches
    author  jsonb;
    message patchmail.message;
    results jsonb := '[]';
BEGIN
    mail := facts::jsonb;
    FOR variant IN SELECT mail UNION ALL
                   SELECT jsonb_set(mail, '{authentication}', l)
                     FROM jsonb_array_elements(mail->'authentication'->'lists') l
                    WHERE jsonb_array_length(l->'list_ids') >= 0
    LOOP
        FOREACH author IN ARRAY ARRAY[mail->'original_author', mail->'author'] LOOP
            IF author->>'email' IS NOT NULL OR author IS NOT DISTINCT FROM mail->'author' THEN
                message := _patchmail.read_message(0, '', author, variant);
            END IF;
        END LOOP;
        results := results || (SELECT coalesce(jsonb_agg(r), '[]')
                                 FROM jsonb_array_elements(variant->'authentication'->'results') r);
    END LOOP;
    PERFORM jsonb_array_length(mail->'list_ids'),
            CASE WHEN message.kind = 'patch' THEN jsonb_array_length(mail->'files') END;
    RETURN (
        SELECT f.fault
          FROM (VALUES
            (message.msgid IS NULL, 'it has no message_id'),
            (author->>'email' IS NULL, 'its author has no email'),
            (coalesce(message.kind, '') NOT IN ('patch', 'cover', 'comment'), 'its kind is none that is known'),
            (message.title IS NULL, 'its subject has no title'),
            (message.version IS NULL, 'its subject has no version'),
            ((message.number IS NULL) <> (message.total IS NULL), 'its subject has only one of number and total'),
            (message.kind = 'cover' AND message.number IS NULL, 'it is a cover letter without a number'),
            (message.kind = 'patch' AND message.number NOT BETWEEN 0 AND 32767, 'its number is out of range'),
            (message.kind = 'patch' AND length(rtrim(mail->>'hash', ' ')) > 40, 'its hash is too long'),
            (message.kind <> 'comment' AND mail->>'headers' IS NULL, 'it has no headers'),
            (EXISTS (SELECT FROM jsonb_to_recordset(CASE WHEN message.kind <> 'comment'
                                                 THEN _patchmail.lines_of(mail) END)
                                   AS d (message_id text, series_id integer, patch_id integer, git_patch_id text,
                                         change_id text, version integer, supersedes boolean)
                      WHERE num_nonnulls(d.message_id, d.series_id, d.patch_id, d.git_patch_id, d.change_id) <> 1
                         OR d.version IS NOT NULL AND d.change_id IS NULL
                         OR d.supersedes AND d.message_id IS NULL),
             'a line of its depends_on names not just one thing'),
            (message.minor NOT BETWEEN 0 AND 32767, 'its minor version is out of range'),
            (EXISTS (SELECT FROM jsonb_to_recordset(results)
                                   AS r (source text, index integer, trusted boolean, method text, result text,
                                         alignment text)
                      WHERE num_nulls(r.source, r.index, r.trusted, r.method, r.result) > 0
                         OR r.source NOT IN ('exchanger', 'list', 'arc', 'received-spf', 'other')
                         OR r.alignment NOT IN ('strict', 'relaxed', 'none')),
             'a result of its authentication is none that is known')) AS f (found, fault)
         WHERE f.found LIMIT 1);
EXCEPTION
    WHEN data_exception OR program_limit_exceeded THEN
        RETURN format('%s (%s)', SQLERRM, SQLSTATE);
END
$$;
COMMENT ON FUNCTION patchmail.facts_fault(text) IS
    'For patchmaild: why facts can not be stored as what they are; NULL if they can.';
