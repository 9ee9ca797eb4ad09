-- patchmail.read_batch(project_id, facts): the ledger rows of the mails of a batch that may be stored together.
-- Takes    the project; the facts of the mails, in the order in which they came.
-- Gives    arrays that go with each other: the ledger rows with their ids, not yet entered; the facts, as the project's list
--          has them; the address of the author; the place among the mails that were given; and whether mail that is here refers to it.
-- Rules    Left out is what is not new here; a part of a series to which mail that is here refers; what comes twice in the
--          batch, or whose author's address is written in two ways there; a verdict with which something may not be allowed;
--          what answers nothing; and a cover letter that may repeat another one.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.read_batch(project_id integer, facts jsonb[], OUT messages patchmail.message[],
                                                OUT facts_read jsonb[], OUT emails text[], OUT places integer[],
                                                OUT answered boolean[])
LANGUAGE plpgsql AS $$
DECLARE
    policies boolean := pg_relation_size('patchmail.policy') > 0;
BEGIN
    WITH read AS MATERIALIZED (
        SELECT a.place, a.facts, left(a.author->>'email', 255) AS email,
               patchmail.read_message(read_batch.project_id, a.linkname, a.author, a.facts) AS message,
               EXISTS (SELECT FROM patchmail.reference e
                        WHERE e.project_id = read_batch.project_id AND e.msgid = left(a.facts->>'message_id', 255)
                       OFFSET 0) AS answered
          FROM (SELECT f.place, l.facts, p.linkname::text, patchmail.find_author(l.facts, p.listemail::text) AS author
                  FROM public.patchwork_project p, unnest(facts) WITH ORDINALITY f(facts, place), LATERAL (
                       SELECT CASE WHEN f.facts->'authentication'->'lists' IS NULL THEN f.facts
                                   ELSE patchmail.facts_for_list(f.facts, p.listid::text) END AS facts OFFSET 0) l
                 WHERE p.id = read_batch.project_id OFFSET 0) a
    ), plain AS MATERIALIZED (
        SELECT r.place, r.facts, r.email, r.message, r.answered, (r.message).kind, (r.message).name, (r.message).number,
               cardinality((r.message).refs) = 0 AS alone,
               count(*) OVER (PARTITION BY (r.message).msgid) AS same,
               min(r.email) OVER address = max(r.email) OVER address AS one_way
          FROM read r
         WHERE r.email IS NOT NULL AND NOT enum_lt((r.message).verdict, 'conflict')
           AND NOT (policies AND enum_lt((r.message).verdict, 'pass'))
           AND NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.project_id = read_batch.project_id AND m.msgid = (r.message).msgid OFFSET 0)
           AND ((r.message).number IS NULL OR NOT r.answered)
        WINDOW address AS (PARTITION BY upper(r.email COLLATE "C"))
    )
    SELECT coalesce(array_agg(p.message ORDER BY p.place), '{}'), coalesce(array_agg(p.facts ORDER BY p.place), '{}'),
           coalesce(array_agg(p.email ORDER BY p.place), '{}'), coalesce(array_agg(p.place::integer ORDER BY p.place), '{}'),
           coalesce(array_agg(p.answered ORDER BY p.place), '{}')
      INTO messages, facts_read, emails, places, answered
      FROM plain p
     WHERE p.same = 1 AND p.one_way AND NOT (p.kind = 'comment' AND p.alone)
       AND NOT (p.kind = 'cover' AND NOT p.alone
                AND (patchmail.repeats_cover(p.message, p.email)
                     OR EXISTS (SELECT FROM plain o
                                 WHERE o.name = p.name AND (o.kind = 'cover' OR o.number = 0) AND o.email <> p.email)));
    FOR i IN 1 .. cardinality(messages) LOOP
        messages[i].id := nextval('patchmail.message_id_seq');
        messages[i].waiting := NULL;
    END LOOP;
END
$$;
