-- patchmail.derive_series(thread): which series there are in a thread, and who belongs to which.
-- Takes    a thread of the ledger.
-- Gives    three arrays that go with each other: the ledger ids of its marked patches and cover letters; for each a
--          number, the same for the members of one series; and the series that it was placed in before.
-- Rules    A function of the set of messages alone, never of the order in which they came.
--   1. A patch hangs on its anchor (patchmail.find_anchor).
--   2. What hangs together is a group.  So are those that hang on nothing but have the nearest reference, version,
--      total and author in common: their cover letter is not here yet, or they answer an older version.
--   3. Where a number comes twice in a group, the group is several series: each patch goes where its number is free,
--      first with the patch that it hangs on, then with the nearest in time (in steps of 20 minutes).
--   4. Patches that are alone by these rules are loose, whatever they refer to: they are grouped by author, version
--      and total while their dates are within 20 minutes of each other; such a group joins the only other one nearby
--      that lacks its numbers.
--   What Patchwork placed itself (adopted) keeps its series, and draws others in by rule 1.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.derive_series(thread bigint, OUT ids bigint[], OUT series integer[],
                                                   OUT placed integer[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    anchors bigint[];
    numbers integer[];
    minutes double precision[];
    groups  text[];         -- what groups those that hang on nothing
    authors text[];         -- author, version and total: the parts of an unthreaded series have them in common
    roots   integer[];      -- 0 for one that is loose: rule 4
    states  text[] := '{}';             -- of each series: its group
    latest  double precision[] := '{}'; -- of each series: the date of the member that came last
    used    bigint[] := '{}';           -- places taken: series * 65536 + number
    n       integer;
    at      integer;
    step    double precision;
    best    double precision;
BEGIN
    SELECT array_agg(m.id), array_agg(m.anchor_id), array_agg(m.number), array_agg(m.series_id),
           array_agg(extract(epoch FROM m.date)::double precision / 60), array_agg(m.grouped),
           array_agg(concat_ws(' ', 'loose', m.submitter_id, m.version, m.total)),
           array_agg(CASE WHEN m.kind = 'patch' AND m.anchor_id IS NULL AND NOT m.adopted AND m.alike = 1 THEN 0 END)
      INTO ids, anchors, numbers, placed, minutes, groups, authors, roots
      FROM (SELECT k.*, count(*) FILTER (WHERE k.anchor_id IS NULL) OVER (PARTITION BY k.grouped) AS alike
              FROM (SELECT m.*,
                           CASE WHEN m.adopted THEN 'adopted ' || coalesce(m.series_id::text, 'none ' || m.id)
                                WHEN m.kind = 'cover' OR m.refs = '{}' THEN 'root ' || m.id
                                ELSE concat_ws(' ', m.version, m.total, m.submitter_id, m.refs[1]) END AS grouped
                      FROM patchmail.message m
                     WHERE m.thread = derive_series.thread AND m.number IS NOT NULL) k
             ORDER BY k.date, k.msgid COLLATE "C") m;
    n := coalesce(cardinality(ids), 0);

    FOR i IN 1 .. n LOOP
        IF anchors[i] IS NOT NULL THEN
            at := array_position(ids, anchors[i]);
            anchors[i] := at;
            IF roots[at] = 0 THEN
                roots[at] := NULL;
            END IF;
        END IF;
    END LOOP;
    FOR i IN 1 .. n LOOP
        CONTINUE WHEN roots[i] = 0;
        at := i;
        FOR hop IN 1 .. n LOOP
            EXIT WHEN anchors[at] IS NULL;
            at := anchors[at];
        END LOOP;
        roots[i] := at;
    END LOOP;

    FOR pass IN 1 .. 2 LOOP             -- first those of rules 2 and 3, then the loose ones
        FOR i IN 1 .. n LOOP
            CONTINUE WHEN (roots[i] = 0) <> (pass = 2);
            at := series[anchors[i]];
            IF at IS NULL OR numbers[anchors[i]] = 0 OR at * 65536::bigint + numbers[i] = ANY (used) THEN
                at := NULL;
                best := NULL;
                FOR s IN 1 .. cardinality(states) LOOP
                    step := floor(abs(minutes[i] - latest[s]) / 20);
                    IF states[s] = (CASE pass WHEN 1 THEN groups[roots[i]] ELSE authors[i] END)
                       AND (best IS NULL OR step < best) AND (pass = 1 OR step = 0)
                       AND s * 65536::bigint + numbers[i] <> ALL (used) THEN
                        best := step;
                        at := s;
                    END IF;
                END LOOP;
            END IF;
            at := coalesce(at, cardinality(states) + 1);
            states[at] := CASE pass WHEN 1 THEN groups[roots[i]] ELSE authors[i] END;
            latest[at] := greatest(latest[at], minutes[i]);
            used := used || (at * 65536::bigint + numbers[i]);
            series[i] := at;
        END LOOP;
    END LOOP;
    IF 0 = ANY (roots) AND cardinality(states) > 1 THEN
        series := patchmail.join_loose_series(series, numbers, minutes, authors, roots);
    END IF;
END
$$;
