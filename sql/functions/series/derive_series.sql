-- _patchmail.derive_series(thread): derives which series there are in a thread, and which messages belong to which.
-- Takes    a thread of the ledger.
-- Gives    three arrays that go with each other: the ledger ids of its marked patches and cover letters; for each a
--          number, the same for the members of one series; and the series that it was placed in before.
-- Rules    A function of the set of messages alone, never of the order in which they came.
--   1. A patch hangs on its anchor (_patchmail.find_anchor); the message at the end of that chain is its root.
--   2. Messages with one root are a group.  So are those that hang on nothing but have the nearest reference, version,
--      total and author in common: their cover letter is not here yet, or they answer an older version.
--   3. If a number comes twice in a group, the group is several series: each patch goes to one in which its number is
--      free, first to that of the patch that it hangs on, then to the nearest in time (in steps of 20 minutes).
--   4. Patches that are alone by these rules are loose, whatever they refer to: they are grouped by author, version,
--      total and verdict, while their dates are within 20 minutes of each other.
--   5. Two series by these rules are one if they have no number in common, their author and verdict are the same, and
--      _patchmail.join_series finds that they belong together: sent within 20 minutes of each other, with the same
--      version and total; or in one thread, with a slip in one of them.  With a slip a patch hangs on one of another
--      version or total (_patchmail.find_anchor); or two that are alike except for the version have the nearest
--      reference in common.  All of a series joins, or nothing: so a new version, which repeats some number, stays by
--      itself.
--   6. A place belongs first to the mails of the series' sender: the root's author, with a verdict no worse than the
--      root's.  Then his mails with a worse one, which anybody may have sent, and then everybody else's take the places
--      that are left.  If one of these finds its place taken, all mails that he sent to this group are series of their
--      own.  Within each of the three kinds a better verdict comes first, then an earlier date.
--   Version 5.1 is another version than 5 in all of this; it never takes the place of a patch of 5 that is missing.
--   Messages that Patchwork (adopted) or an admin (pinned) placed keep their series, come before all others,
--   and draw others in by rule 1.
-- Limits   n log n in the members: it looks for a place in the 16 series of a group that came last.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.derive_series(thread bigint, OUT ids bigint[], OUT series integer[],
                                                   OUT placed integer[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    nearby  CONSTANT integer := 16;
    anchors integer[];      -- here and below a member is its index in ids
    roots   integer[];
    slots   integer[];      -- its number, counted densely from 0: a place in a mask
    covers  boolean[];      -- has number 0
    minutes double precision[];
    senders integer[];
    trust   integer[];      -- the verdict: more is better
    groups  integer[];      -- rule 2: the group of each that hangs on nothing
    authors integer[];      -- author, version, total and verdict: the parts of an unthreaded series have them in common
    threads integer[];      -- author, total and nearest reference, of those that hang on nothing
    links   integer[];      -- what it hangs on by a slip
    adopted boolean[];
    loose   boolean[];
    turns   integer[];      -- 1: the sender's own, 2: loose, 4: his with a worse verdict, 5: other people's
    strangers integer[];    -- of the last two: the root and the author, counted densely
    apart   boolean[] := '{}';          -- of each of these: has series of his own
    masks   bit varying[] := '{}';      -- of each series: which places are taken
    latest  double precision[] := '{}'; -- of each series: the date of the member that came last
    newest  integer[] := '{}';          -- of each key: the series that came last
    older   integer[] := '{}';          -- of each series: the one before it with the same key
    joined  integer[];                  -- of each series: the one that it is by rule 5
    free    bit varying;                -- the mask of an empty series
    n       integer;
    key     integer;
    at      integer;
    other   integer;
    past    integer;
    step    double precision;
    best    double precision;
BEGIN
    WITH member AS (
        SELECT m.*, m.adopted OR m.pinned AS given,
               row_number() OVER (ORDER BY m.adopted OR m.pinned DESC, m.kind, m.verdict DESC, m.date,
                                  m.msgid COLLATE "C") AS at,
               CASE WHEN m.adopted OR m.pinned THEN 'given ' || coalesce(m.series_id::text, 'none ' || m.id)
                    WHEN m.kind = 'cover' OR m.refs = '{}' THEN 'root ' || m.id
                    ELSE concat_ws(' ', m.version, m.minor, m.total, m.submitter_id, m.refs[1]) END AS grouped,
               concat_ws(' ', m.submitter_id, m.version, m.minor, m.total, m.verdict) AS author
          FROM patchmail.message m
         WHERE m.thread = derive_series.thread AND m.number IS NOT NULL
    ), tied AS (
        SELECT m.*, CASE WHEN s.same THEN a.at END AS anchor,
               CASE WHEN NOT s.same AND a.submitter_id = m.submitter_id THEN a.at END AS link
          FROM member m LEFT JOIN member a ON a.id = m.anchor_id, LATERAL (
               SELECT a.version = m.version AND a.minor = m.minor AND a.total = m.total) s(same)
    ), counted AS (
        SELECT m.*, dense_rank() OVER (ORDER BY m.number) - 1 AS slot, dense_rank() OVER (ORDER BY m.verdict) AS trust,
               dense_rank() OVER (ORDER BY m.grouped COLLATE "C") AS group_key,
               dense_rank() OVER (ORDER BY m.author COLLATE "C") AS author_key,
               CASE WHEN m.kind = 'patch' AND NOT m.given AND m.anchor IS NULL AND m.refs <> '{}'
                    THEN dense_rank() OVER (ORDER BY m.submitter_id, m.minor, m.total, m.refs[1] COLLATE "C")
                    END AS thread_key,
               count(*) FILTER (WHERE m.anchor IS NULL) OVER (PARTITION BY m.grouped) AS alike
          FROM tied m
    )
    SELECT array_agg(m.id), array_agg(m.anchor), array_agg(coalesce(m.anchor, m.at)), array_agg(m.slot),
           array_agg(m.number = 0), array_agg(m.series_id),
           array_agg(extract(epoch FROM m.date)::double precision / 60),
           array_agg(m.submitter_id), array_agg(m.trust), array_agg(m.group_key), array_agg(m.author_key + m.groups),
           array_agg(m.thread_key), array_agg(m.link), array_agg(m.given),
           array_agg(m.kind = 'patch' AND m.anchor IS NULL AND NOT m.given AND m.alike = 1),
           repeat('0', 1 + max(m.slot)::integer)::bit varying
      INTO ids, anchors, roots, slots, covers, placed, minutes, senders, trust, groups, authors, threads, links,
           adopted,
           loose, free
      FROM (SELECT c.*, max(c.group_key) OVER () AS groups FROM counted c ORDER BY c.at) m;
    n := coalesce(cardinality(ids), 0);
    series := CASE WHEN n > 0 THEN array_fill(NULL::integer, ARRAY[n]) END;

    FOR round IN 1 .. 32 LOOP  -- each halves the way to the root; a circle of anchors ends somewhere in it
        at := 0;
        FOR i IN 1 .. n LOOP
            other := roots[roots[i]];
            IF other <> roots[i] THEN
                roots[i] := other;
                at := i;
            END IF;
        END LOOP;
        EXIT WHEN at = 0;
    END LOOP;
    FOR i IN 1 .. n LOOP
        turns[i] := CASE WHEN senders[i] <> senders[roots[i]] THEN 5 WHEN trust[i] < trust[roots[i]] THEN 4 ELSE 1 END;
        IF turns[i] = 1 AND roots[i] <> i THEN
            loose[roots[i]] := false;
        END IF;
    END LOOP;
    FOR i IN 1 .. n LOOP
        IF loose[i] THEN
            turns[i] := 2;
        END IF;
    END LOOP;

    FOR turn IN 1 .. 5 LOOP  -- the third only finds out which strangers meet a place that is taken
        IF turn = 3 THEN
            IF cardinality(masks) > 1 THEN
                SELECT j.series, j.masks, j.latest, j.joined INTO series, masks, latest, joined
                  FROM _patchmail.join_series(series, masks, latest, minutes, authors, threads, links, roots, trust,
                                             adopted) j;
            END IF;
            EXIT WHEN 4 <> ALL (turns) AND 5 <> ALL (turns);
            strangers := ARRAY(SELECT dense_rank() OVER (ORDER BY s.root, s.sender, s.turn)
                                 FROM unnest(roots, senders, turns) WITH ORDINALITY AS s(root, sender, turn, i)
                                ORDER BY s.i);
        END IF;
        FOR i IN 1 .. n LOOP
            CONTINUE WHEN turns[i] <> turn AND (turn <> 3 OR turns[i] < 4);
            key := CASE WHEN turn = 2 THEN authors[i]
                        WHEN turn > 3 AND apart[strangers[i]] THEN n + n + strangers[i] ELSE groups[roots[i]] END;
            at := NULL;
            IF anchors[i] IS NOT NULL AND NOT covers[anchors[i]] AND key <= n + n THEN
                at := series[anchors[i]];
            END IF;
            IF at IS NULL OR get_bit(masks[at], slots[i]) = 1 THEN
                at := NULL;
                best := NULL;
                other := newest[key];
                FOR look IN 1 .. nearby LOOP
                    EXIT WHEN other IS NULL;
                    past := other;
                    other := coalesce(joined[other], other);
                    step := floor(abs(minutes[i] - latest[other]) / 20);
                    IF (best IS NULL OR step <= best) AND (turn <> 2 OR step = 0)
                       AND get_bit(masks[other], slots[i]) = 0 THEN
                        best := step;
                        at := other;
                    END IF;
                    other := older[past];
                END LOOP;
            END IF;
            IF at IS NULL AND turn > 2 AND key <= n + n AND get_bit(masks[series[roots[i]]], slots[i]) = 0 THEN
                at := series[roots[i]];
            END IF;
            IF turn = 3 THEN
                IF at IS NULL THEN
                    apart[strangers[i]] := true;
                END IF;
                CONTINUE;
            END IF;
            IF at IS NULL THEN
                at := cardinality(latest) + 1;
                masks[at] := free;
                older[at] := newest[key];
                newest[key] := at;
            END IF;
            masks[at] := set_bit(masks[at], slots[i], 1);
            latest[at] := greatest(latest[at], minutes[i]);
            series[i] := at;
        END LOOP;
    END LOOP;
END
$$;
