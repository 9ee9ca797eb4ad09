-- _patchmail.read_batch(project_id, facts): makes the ledger rows of the mails of a batch that may be stored together.
-- Takes    the project; the facts of the mails, in the order in which they came.
-- Gives    arrays that go with each other: the ledger rows with their ids, not yet entered; the facts, as the project's
--          list has them; the address of the author; whether mail that is here refers to it; and the place among the
--          mails that were given.  Also the places of mails that are to be ignored, and why.
-- Rules    Left out is a mail that is not new here; a part of a series to which mail that is here refers; a mail that
--          comes again in the batch; one whose author has no address, or one that the batch writes in two ways; one
--          with a verdict that may not allow everything; a cover letter that may repeat another one; one from the
--          address of somebody who was merged into another person; and one that has to do with mail that an admin took
--          out of the project.
-- Touches  nothing.
-- Speed    The facts are most of the bytes: sorts leave them out.
CREATE OR REPLACE FUNCTION _patchmail.read_batch(project_id integer, INOUT facts jsonb[],
                                                OUT messages patchmail.message[],
                                                OUT emails text[], OUT answered boolean[], OUT places integer[],
                                                OUT ignored integer[], OUT reasons text[])
LANGUAGE plpgsql AS $$
DECLARE
    project  record;
    policies boolean := pg_relation_size('patchmail.policy') > 0;
    merged   boolean := pg_relation_size('patchmail.person_alias') > 0;
    removed  boolean := pg_relation_size('patchmail.removed') > 0;
BEGIN
    SELECT p.linkname::text, p.listid::text, p.listemail::text INTO project
      FROM public.patchwork_project p WHERE p.id = read_batch.project_id;
    IF EXISTS (SELECT FROM unnest(facts) f WHERE f->'authentication'->'lists' IS NOT NULL) THEN
        facts := ARRAY(SELECT _patchmail.facts_for_list(f.facts, project.listid)
                         FROM unnest(facts) WITH ORDINALITY f(facts, place) ORDER BY f.place);
    END IF;
    SELECT array_agg(_patchmail.read_message(read_batch.project_id, project.linkname, a.author, facts[a.place])
                     ORDER BY a.place),
           array_agg(left(a.author->>'email', 255) ORDER BY a.place)
      INTO messages, emails
      FROM (SELECT f.place, _patchmail.find_author(f.facts, project.listemail) AS author
              FROM unnest(facts) WITH ORDINALITY f(facts, place) OFFSET 0) a;
    FOR i IN 1 .. cardinality(messages) LOOP
        messages[i].waiting := NULL;
        messages[i].id := nextval('patchmail.message_id_seq');
    END LOOP;
    WITH plain AS MATERIALIZED (
        SELECT m.*, EXISTS (SELECT FROM patchmail.reference r
                             WHERE r.project_id = read_batch.project_id AND r.msgid = m.msgid OFFSET 0) AS answered,
               CASE WHEN facts[m.place]->'hints'->>'ignore' = 'true' THEN _patchmail.usual_reason('hint')
                    WHEN m.kind = 'comment' AND m.alone THEN _patchmail.usual_reason('talk') END AS reason
          FROM (SELECT m.ordinality::integer AS place, e.email, m.msgid, m.kind, m.name, m.number, m.verdict,
                       m.refs, cardinality(m.refs) = 0 AS alone,
                       row_number() OVER (PARTITION BY m.msgid ORDER BY m.ordinality) AS copy,
                       min(e.email) OVER address = max(e.email) OVER address AS one_way
                  FROM unnest(messages) WITH ORDINALITY m
                  JOIN unnest(emails) WITH ORDINALITY e(email, ordinality) USING (ordinality)
                WINDOW address AS (PARTITION BY upper(e.email COLLATE "C"))) m
         WHERE m.copy = 1 AND m.one_way AND NOT enum_lt(m.verdict, 'conflict')
           AND NOT (policies AND enum_lt(m.verdict, 'pass'))
           AND NOT (merged AND EXISTS (SELECT FROM patchmail.person_alias a
                                        WHERE a.email = upper(m.email COLLATE "C") OFFSET 0))
           AND NOT (removed AND _patchmail.meets_removed(read_batch.project_id, m.msgid, m.refs))
           AND NOT EXISTS (SELECT FROM patchmail.message o
                            WHERE o.project_id = read_batch.project_id AND o.msgid = m.msgid OFFSET 0)
           AND NOT EXISTS (SELECT FROM patchmail.alias a
                            WHERE a.project_id = read_batch.project_id AND a.alias = m.msgid OFFSET 0)
    )
    SELECT coalesce(array_agg(p.place ORDER BY p.place) FILTER (WHERE p.reason IS NULL), '{}'),
           coalesce(array_agg(p.answered ORDER BY p.place) FILTER (WHERE p.reason IS NULL), '{}'),
           coalesce(array_agg(p.place ORDER BY p.place) FILTER (WHERE p.reason IS NOT NULL), '{}'),
           coalesce(array_agg(p.reason ORDER BY p.place) FILTER (WHERE p.reason IS NOT NULL), '{}')
      INTO places, answered, ignored, reasons
      FROM plain p
     WHERE p.reason IS NOT NULL
        OR (p.number IS NULL OR NOT p.answered)
       AND NOT (p.kind = 'cover' AND NOT p.alone
                AND (_patchmail.repeats_cover(messages[p.place], p.email)
                     OR EXISTS (SELECT FROM plain o
                                 WHERE o.name = p.name AND (o.kind = 'cover' OR o.number = 0) AND o.email <> p.email)));
    IF cardinality(places) < cardinality(messages) THEN
        messages := ARRAY(SELECT messages[p] FROM unnest(places) p);
        facts := ARRAY(SELECT facts[p] FROM unnest(places) p);
        emails := ARRAY(SELECT emails[p] FROM unnest(places) p);
    END IF;
END
$$;
