-- _patchmail.join_series(series, masks, latest, minutes, authors, threads, links, roots, trust, adopted): rule 5 of
-- _patchmail.derive_series.
-- Takes    its arrays.  Of each member: its series (NULL if it has none yet), its date in minutes, what it has in
--          common with others of one sending (authors) and with others of one thread (threads, or NULL), what it
--          answers by a slip (links, or NULL), its root, its verdict, and whether Patchwork placed it.  Of each series:
--          the mask of its numbers, and the date of its last member.
-- Gives    series, masks and latest anew; and of each series the one that it is now.
-- Rules    Two series that have no number in common are one if a member of one answers a member of the other by a slip,
--          or if two of their members are within 20 minutes of each other and have the same value of `threads`, or
--          their roots the same of `authors`.  An answer counts before time, nearer in time before farther.
--          If another that is as near has the same number, nobody can say which it is, and they stay apart.
--          The verdict on the first root of both has to be the same, and not both may be Patchwork's own.
-- Limits   n log n in the members: each is compared with the 16 series of its kind that had the latest mail before it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.join_series(
    INOUT series integer[], INOUT masks bit varying[], INOUT latest double precision[], minutes double precision[],
    authors integer[], threads integer[], links integer[], roots integer[], trust integer[], adopted boolean[],
    OUT joined integer[])
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    nearby CONSTANT integer := 16;
    within CONSTANT double precision := 20 + 1e-6;  -- minutes, and what rounding makes of them
    heads  integer[] := '{}';           -- of each series: the first root of its members
    own    boolean[] := '{}';           -- of each series: Patchwork placed it
    ones   integer[] := '{}';           -- pairs of series, and how far they are apart
    others integer[] := '{}';
    gaps   double precision[] := '{}';
    recent integer[];                   -- the series that had the latest mail, and when
    times  double precision[];
    once   bit varying[];               -- of each series: the numbers of those that are as near to it, and those of two
    twice  bit varying[];               -- of them
    none   bit varying := masks[1] & ~masks[1];
    member record;
    pair   record;
    last   text;
    a      integer;
    b      integer;
BEGIN
    joined := ARRAY(SELECT generate_series(1, cardinality(masks)));
    FOR i IN 1 .. cardinality(series) LOOP
        IF series[i] IS NOT NULL THEN
            heads[series[i]] := least(heads[series[i]], roots[i]);
            own[series[i]] := coalesce(own[series[i]], false) OR adopted[i];
        END IF;
    END LOOP;
    FOR member IN
        WITH placed AS (
            SELECT m.series, m.minute, m.thread, authors[heads[m.series]] AS author
              FROM unnest(join_series.series, minutes, threads) AS m(series, minute, thread)
             WHERE m.series IS NOT NULL
        ), keyed AS (
            SELECT p.series, p.minute, 'author ' || p.author AS key FROM placed p
            UNION ALL
            SELECT p.series, p.minute, 'thread ' || p.thread FROM placed p WHERE p.thread IS NOT NULL)
        SELECT k.* FROM keyed k
         WHERE k.key IN (SELECT o.key FROM keyed o GROUP BY o.key HAVING min(o.series) < max(o.series))
         ORDER BY k.key COLLATE "C", k.minute, k.series
    LOOP
        IF member.key IS DISTINCT FROM last THEN
            last := member.key;
            recent := '{}';
            times := '{}';
        END IF;
        a := member.series;
        FOR i IN 1 .. cardinality(recent) LOOP
            b := recent[i];
            IF b <> a AND member.minute - times[i] <= within AND trust[heads[a]] = trust[heads[b]]
               AND NOT (own[a] AND own[b]) AND bit_count(masks[a] & masks[b]) = 0 THEN
                ones := ones || least(a, b);
                others := others || greatest(a, b);
                gaps := gaps || member.minute - times[i];
            END IF;
        END LOOP;
        a := array_position(recent, member.series);
        IF a IS NOT NULL THEN
            recent := recent[:a - 1] || recent[a + 1:];
            times := times[:a - 1] || times[a + 1:];
        END IF;
        recent := member.series || recent[:nearby - 1];
        times := member.minute || times[:nearby - 1];
    END LOOP;
    FOR i IN 1 .. cardinality(links) LOOP
        a := series[i];
        b := series[links[i]];
        IF a <> b AND trust[heads[a]] = trust[heads[b]] AND NOT (own[a] AND own[b]) THEN
            ones := ones || least(a, b);
            others := others || greatest(a, b);
            gaps := gaps || abs(minutes[i] - minutes[links[i]]) - 1e9;  -- before all that are only near in time
        END IF;
    END LOOP;

    FOR pair IN
        SELECT array_agg(p.one ORDER BY p.one, p.other) AS ones, array_agg(p.other ORDER BY p.one, p.other) AS others
          FROM (SELECT u.one, u.other, min(u.gap) AS gap FROM unnest(ones, others, gaps) AS u(one, other, gap)
                 GROUP BY u.one, u.other) p
         GROUP BY p.gap ORDER BY p.gap
    LOOP
        ones := '{}';
        others := '{}';
        FOR i IN 1 .. cardinality(pair.ones) LOOP
            a := pair.ones[i];
            WHILE joined[a] <> a LOOP
                joined[a] := joined[joined[a]];
                a := joined[a];
            END LOOP;
            b := pair.others[i];
            WHILE joined[b] <> b LOOP
                joined[b] := joined[joined[b]];
                b := joined[b];
            END LOOP;
            IF a <> b AND NOT (own[a] AND own[b]) AND bit_count(masks[a] & masks[b]) = 0 THEN
                ones := ones || least(a, b);
                others := others || greatest(a, b);
            END IF;
        END LOOP;
        IF cardinality(ones) > 1 THEN
            SELECT array_agg(d.one), array_agg(d.other) INTO ones, others
              FROM (SELECT DISTINCT u.one, u.other FROM unnest(ones, others) AS u(one, other) ORDER BY 1, 2) d;
            once := '{}';
            twice := '{}';
            FOR i IN 1 .. cardinality(ones) LOOP
                a := ones[i];
                b := others[i];
                twice[a] := coalesce(twice[a], none) | coalesce(once[a], none) & masks[b];
                once[a] := coalesce(once[a], none) | masks[b];
                twice[b] := coalesce(twice[b], none) | coalesce(once[b], none) & masks[a];
                once[b] := coalesce(once[b], none) | masks[a];
            END LOOP;
            SELECT array_agg(u.one), array_agg(u.other) INTO ones, others
              FROM unnest(ones, others) WITH ORDINALITY AS u(one, other, n)
             WHERE bit_count(twice[u.one] & masks[u.other]) + bit_count(twice[u.other] & masks[u.one]) = 0;
        END IF;
        FOR i IN 1 .. coalesce(cardinality(ones), 0) LOOP
            a := joined[ones[i]];
            b := joined[others[i]];
            WHILE joined[a] <> a LOOP
                a := joined[a];
            END LOOP;
            WHILE joined[b] <> b LOOP
                b := joined[b];
            END LOOP;
            CONTINUE WHEN a = b OR own[a] AND own[b] OR bit_count(masks[a] & masks[b]) > 0;
            joined[greatest(a, b)] := least(a, b);
            masks[least(a, b)] := masks[a] | masks[b];
            latest[least(a, b)] := greatest(latest[a], latest[b]);
            own[least(a, b)] := own[a] OR own[b];
        END LOOP;
    END LOOP;
    FOR i IN 1 .. cardinality(joined) LOOP
        joined[i] := joined[joined[i]];  -- that one has a lower number, and its final one already
    END LOOP;
    series := ARRAY(SELECT joined[s.series] FROM unnest(series) WITH ORDINALITY AS s(series, i) ORDER BY s.i);
END
$$;
