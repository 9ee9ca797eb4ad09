-- _patchmail.link_batch(project_id, messages, emails, answered): finds the threads and parents of the mails of a batch.
-- Takes    ledger rows, not yet entered; for each the address of its author, and whether mail in the ledger refers to
--          it.
-- Gives    for each its thread; whether that has a mail in the ledger; for a comment its parent, or NULL if it has to
--          wait; and whether it refers to a mail that comes after it in the batch.
-- Rules    Threads are those of _patchmail.join_threads, parents those of _patchmail.find_parent.
-- Touches  patchmail.message (thread), if threads become one.
-- Speed    Each look-up in the ledger is by itself, with a limit, and only one index can serve it (else the project is
--          kept out of the index conditions), whatever the planner believed of the size of the tables when it planned.
CREATE OR REPLACE FUNCTION _patchmail.link_batch(project_id integer, messages patchmail.message[], emails text[],
                                                answered boolean[], OUT threads bigint[], OUT joined boolean[],
                                                OUT parents bigint[], OUT late boolean[])
LANGUAGE plpgsql AS $$
DECLARE
    n       integer := cardinality(messages);
    link    record;                                           -- what they refer to, nearest first
    edge    record;
    kinds   text[] := ARRAY(SELECT m.kind FROM unnest(messages) m);
    roots   integer[] := ARRAY(SELECT generate_series(1, n)); -- of each mail one before it of its thread, or itself
    members integer[] := '{}';                                -- mails, and threads of the ledger that they belong to
    found   bigint[] := '{}';
    starts  integer[] := array_fill(0, ARRAY[n]);             -- where the links of each mail begin, and where they end
    ends    integer[] := array_fill(-1, ARRAY[n]);
    settled boolean[] := array_fill(false, ARRAY[n]);         -- its parent is known, or known to be none
    open    boolean;                                          -- whether it may still get a parent
    waits   integer := n + 1;                                 -- how many are open
    before  integer;
    circle  boolean := false;
    forwards boolean := false;
    at      integer;
    a       integer;
    b       integer;
BEGIN
    threads := array_fill(NULL::bigint, ARRAY[n]);
    parents := threads;
    joined := settled;
    late := settled;
    WITH batch AS MATERIALIZED (
        SELECT m.ordinality::integer AS i, m.msgid, m.refs FROM unnest(messages) WITH ORDINALITY m
    ), reference AS MATERIALIZED (
        SELECT m.i, m.msgid AS referrer, r.msgid, r.distance
          FROM batch m, unnest(m.refs) WITH ORDINALITY r(msgid, distance)
    ), linked AS (
        SELECT r.i, r.distance, r.msgid, k.thread, o.i AS other, r.referrer = ANY (o.refs) AS mutual,
               CASE WHEN k.kind <> 'comment' THEN k.id WHEN r.referrer <> ALL (k.refs) THEN k.parent_id END AS parent
          FROM reference r
          LEFT JOIN batch o ON o.msgid = r.msgid AND o.i <> r.i
          LEFT JOIN LATERAL (
               SELECT m.id, m.thread, m.kind, m.refs, m.parent_id FROM patchmail.message m
                WHERE m.project_id = link_batch.project_id AND m.msgid = r.msgid AND o.i IS NULL LIMIT 1) k ON true
    )
    SELECT coalesce(array_agg(l.i ORDER BY l.i, l.distance), '{}') AS mails,
           array_agg(l.other ORDER BY l.i, l.distance) AS others,
           array_agg(l.thread ORDER BY l.i, l.distance) AS threads,
           array_agg(l.parent ORDER BY l.i, l.distance) AS parents,
           array_agg(l.mutual ORDER BY l.i, l.distance) AS mutual,
           array_agg(CASE WHEN l.thread IS NULL AND l.other IS NULL THEN l.msgid END ORDER BY l.i, l.distance) AS absent
      INTO link FROM linked l;

    FOR edge IN
        WITH marked AS MATERIALIZED (
            SELECT m.ordinality::integer AS i, e.email, m.version, m.total, m.date,
                   (SELECT p.id FROM public.patchwork_person p
                     WHERE upper(p.email::text COLLATE "C") = upper(e.email COLLATE "C")
                     ORDER BY p.email::text <> e.email, p.id LIMIT 1) AS submitter_id
              FROM unnest(messages) WITH ORDINALITY m, LATERAL (SELECT emails[m.ordinality] AS email OFFSET 0) e
             WHERE m.number IS NOT NULL
        ), pair AS (  -- a mail, and a value that makes all that have it one thread
            SELECT l.i, l.thread,
                   CASE WHEN l.thread IS NULL THEN coalesce('mail ' || l.other, 'absent ' || l.absent) END AS key
              FROM unnest(link.mails, link.threads, link.others, link.absent) AS l(i, thread, other, absent)
             UNION ALL
            SELECT i, NULL, 'mail ' || i FROM generate_series(1, n) i
             UNION ALL
            SELECT l.i, k.thread, NULL
              FROM (SELECT * FROM unnest(link.mails, link.absent)
                     UNION ALL
                    SELECT m.ordinality, m.msgid FROM unnest(messages) WITH ORDINALITY m WHERE answered[m.ordinality]
                   ) l(i, absent), LATERAL (
                   SELECT r.message_id FROM patchmail.reference r
                    WHERE r.project_id = link_batch.project_id AND r.msgid = l.absent AND r.message_id > 0 LIMIT 1) r,
                   LATERAL (SELECT m.thread FROM patchmail.message m WHERE m.id = r.message_id LIMIT 1) k
             UNION ALL
            SELECT m.i, k.thread, NULL
              FROM marked m, LATERAL (
                   SELECT DISTINCT o.thread FROM patchmail.message o
                    WHERE o.submitter_id = m.submitter_id
                      AND o.date BETWEEN m.date - interval '20 minutes' AND m.date + interval '20 minutes'
                      AND o.number IS NOT NULL AND o.project_id + 0 = link_batch.project_id
                      AND o.version = m.version AND o.total = m.total OFFSET 0) k
        )
        SELECT p.i, lag(p.i) OVER (PARTITION BY p.thread, p.key ORDER BY p.i) AS other, p.thread FROM pair p
         UNION ALL
        SELECT m.i, CASE WHEN m.date - lag(m.date) OVER alike <= interval '20 minutes' THEN lag(m.i) OVER alike END,
               NULL
          FROM marked m WINDOW alike AS (PARTITION BY m.email, m.version, m.total ORDER BY m.date)
    LOOP
        a := edge.i;
        WHILE roots[a] <> a LOOP
            roots[a] := roots[roots[a]];
            a := roots[a];
        END LOOP;
        IF edge.other IS NOT NULL THEN
            b := edge.other;
            WHILE roots[b] <> b LOOP
                roots[b] := roots[roots[b]];
                b := roots[b];
            END LOOP;
            roots[greatest(a, b)] := least(a, b);
        END IF;
        IF edge.thread IS NOT NULL THEN
            members := members || edge.i;
            found := found || edge.thread;
        END IF;
    END LOOP;
    FOR i IN 1 .. n LOOP
        roots[i] := roots[roots[i]];
    END LOOP;
    FOR k IN 1 .. cardinality(members) LOOP
        a := roots[members[k]];
        joined[a] := true;
        threads[a] := least(threads[a], found[k]);
    END LOOP;
    FOR i IN 1 .. n LOOP
        joined[i] := joined[roots[i]];
        threads[i] := coalesce(threads[roots[i]], messages[roots[i]].id);
    END LOOP;
    IF EXISTS (SELECT FROM unnest(members, found) AS f(i, thread) WHERE f.thread <> threads[f.i]) THEN
        UPDATE patchmail.message m SET thread = threads[f.i]
          FROM unnest(members, found) AS f(i, thread) WHERE m.thread = f.thread AND f.thread <> threads[f.i];
    END IF;

    FOR k IN 1 .. cardinality(link.mails) LOOP
        a := link.mails[k];
        IF starts[a] = 0 THEN
            starts[a] := k;
        END IF;
        ends[a] := k;
        late[a] := late[a] OR coalesce(link.others[k] > a, false);
    END LOOP;
    LOOP
        before := waits;
        waits := 0;
        forwards := NOT forwards;  -- whether answers come after what they answer, or before: two rounds do
        FOR step IN 1 .. n LOOP
            at := CASE WHEN forwards THEN step ELSE n + 1 - step END;
            CONTINUE WHEN settled[at] OR kinds[at] <> 'comment';
            open := false;
            FOR k IN starts[at] .. ends[at] LOOP
                b := link.others[k];
                IF b IS NULL THEN
                    parents[at] := link.parents[k];
                ELSIF kinds[b] <> 'comment' THEN
                    parents[at] := messages[b].id;
                ELSIF NOT link.mutual[k] THEN
                    parents[at] := parents[b];
                    open := NOT settled[b] AND NOT circle;
                END IF;
                EXIT WHEN open OR parents[at] IS NOT NULL;
            END LOOP;
            settled[at] := NOT open;
            waits := waits + open::integer;
            circle := false;
        END LOOP;
        EXIT WHEN waits = 0;
        circle := waits = before;  -- those left answer each other: the first gets no parent
    END LOOP;
END
$$;
