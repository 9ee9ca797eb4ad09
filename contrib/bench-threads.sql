-- For contrib/bench growth: makes threads of several shapes, and times one more mail in them.
-- The database has the facts of a cover letter, a patch and a reply in the table template (facts).
\set QUIET on

-- The nth mail of a thread of a shape that has size mails when it is whole.
CREATE FUNCTION bench_mail(shape text, thread text, nth integer, size integer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    kind   text := CASE WHEN shape LIKE 'replies %' AND nth > 1 THEN 'comment'
                        WHEN shape = 'series' AND nth = 1 THEN 'cover' ELSE 'patch' END;
    number integer := CASE WHEN shape = 'series' THEN nth - 1 WHEN shape LIKE 'series %' THEN nth END;
    refs   integer[] := CASE shape WHEN 'series without references' THEN '{}'::integer[]
                                   WHEN 'series without its cover letter' THEN ARRAY[0]
                                   WHEN 'replies to replies' THEN
                                        ARRAY(SELECT generate_series(nth - 1, greatest(nth - 10, 2), -1)) || 1
                                   ELSE ARRAY[1] END;
BEGIN
    RETURN (
        SELECT t.facts || jsonb_build_object(
                   'message_id', format('<%s.%s@example.org>', nth, thread),
                   'references', to_jsonb(ARRAY(SELECT format('<%s.%s@example.org>', r, thread) FROM unnest(refs) r
                                                 WHERE r < nth)),
                   'author', jsonb_build_object('name', 'Ada', 'email', kind || md5(thread) || '@example.org'),
                   'date', timestamptz '2026-02-01 12:00Z' + nth * interval '1 second',
                   'subject', t.facts->'subject' || jsonb_build_object(
                       'version', 1, 'number', number, 'total', CASE WHEN number IS NOT NULL THEN size END))
          FROM template t WHERE t.facts->>'kind' = kind LIMIT 1);
END
$$;

-- Stores the first mails of a thread.
CREATE FUNCTION bench_fill(shape text, thread text, mails integer) RETURNS void LANGUAGE sql AS $$
    SELECT patchmail.store(bench_mail(shape, thread, n, mails + 1), '\x', '{"transport": "import"}')
      FROM generate_series(1, mails) n;
$$;

-- The time that the last mail of a thread takes, with what a commit would check: median in milliseconds.  It is undone.
CREATE FUNCTION bench_last(shape text, thread text, mails integer, runs integer) RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
    mail  jsonb := bench_mail(shape, thread, mails + 1, mails + 1);
    times double precision[] := '{}';
    began timestamptz;
    took  double precision;
    got   text;
BEGIN
    FOR run IN 1 .. runs LOOP
        BEGIN
            began := clock_timestamp();
            got := (patchmail.store(mail, '\x', '{"transport": "import"}')).outcome;
            SET CONSTRAINTS ALL IMMEDIATE;
            took := 1000 * extract(epoch FROM clock_timestamp() - began);
            ASSERT got = 'stored', got;
            RAISE EXCEPTION USING ERRCODE = 'PT000';
        EXCEPTION WHEN SQLSTATE 'PT000' THEN
            times := times || took;
        END;
    END LOOP;
    RETURN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) t);
END
$$;
