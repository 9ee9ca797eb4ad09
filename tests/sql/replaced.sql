-- Patches and series that a v5.1 or a line Supersedes: replaces, what a policy makes of it, and Patchwork's own table.
\ir preamble.psql
\ir state.psql
SELECT plan(53);
SELECT make_project() AS project, make_project('second', 'second.example.org') AS second \gset

-- A mail with another title than its id, and a diff of its own.
CREATE FUNCTION titled(mail jsonb, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', to_jsonb(title))
           || jsonb_build_object('hash', left(md5(mail->>'message_id') || md5('hash'), 40),
                                 'diff', replace(mail->>'diff', '+b', '+' || (mail->>'message_id')));
$$;
-- Of version 5.1, if its version is 5.
CREATE FUNCTION point(mail jsonb, minor integer DEFAULT 1) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,minor}', to_jsonb(minor));
$$;
CREATE FUNCTION superseding(mail jsonb, ids text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('supersedes', msgids(ids));
$$;
-- Version 5, and 6, of three patches.
CREATE FUNCTION version_5() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('c', 3, version => 5), titled(patch('p1', '1/3', 'c', 5), 'one'),
                 titled(patch('p2', '2/3', 'c', 5), 'two'), titled(patch('p3', '3/3', 'c', 5), 'three')];
$$;
CREATE FUNCTION version_6() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[titled(patch('q1', '1/3', 'c', 6, 90), 'one'), titled(patch('q2', '2/3', 'q1', 6, 90), 'two'),
                 titled(patch('q3', '3/3', 'q1', 6, 90), 'three')];
$$;
-- All patches, those that are Superseded with "-"; which of them are related; what check() finds.
CREATE FUNCTION shown() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('; ', (
        SELECT string_agg(word(p.msgid) || CASE s.slug WHEN 'superseded' THEN '-' WHEN 'new' THEN '' ELSE '?' END, ' '
                          ORDER BY p.msgid COLLATE "C")
          FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id), (
        SELECT string_agg(x.members, ' ' ORDER BY x.members COLLATE "C")
          FROM (SELECT string_agg(word(p.msgid), '+' ORDER BY p.msgid COLLATE "C") AS members
                  FROM public.patchwork_patch p WHERE p.related_id IS NOT NULL GROUP BY p.related_id) x), (
        SELECT string_agg(f.kind, ' ') FROM patchmail.check() f));
$$;
-- What is shown after these mails, in so many orders, each one by one and in batches; each that differs.
CREATE FUNCTION in_every_way(mails jsonb[], orders integer DEFAULT 2, show text DEFAULT 'shown()')
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    mixed jsonb[];
    size  integer;
    seen  text;
    found text[] := '{}';
BEGIN
    FOR try IN 0 .. orders LOOP
        mixed := CASE try WHEN 0 THEN mails
                          WHEN 1 THEN ARRAY(SELECT m.mail FROM unnest(mails) WITH ORDINALITY m (mail, place)
                                             ORDER BY m.place DESC)
                          ELSE ARRAY(SELECT m FROM unnest(mails) m ORDER BY md5(try || m::text)) END;
        FOREACH size IN ARRAY ARRAY[1, CASE WHEN try % 2 = 0 THEN cardinality(mails) ELSE 2 END] LOOP
            BEGIN
                FOR i IN 1 .. cardinality(mixed) BY size LOOP
                    PERFORM CASE size WHEN 1 THEN store_all(mixed[i]) ELSE store_together(mixed[i:i + size - 1]) END;
                END LOOP;
                EXECUTE 'SELECT ' || show INTO seen;
                RAISE EXCEPTION USING ERRCODE = 'PT000';
            EXCEPTION WHEN SQLSTATE 'PT000' THEN
                IF seen <> ALL (found) THEN
                    found := found || seen;
                END IF;
            END;
        END LOOP;
    END LOOP;
    RETURN array_to_string(found, ' or ');
END
$$;
SELECT patchmail.set_policy('demo', relate => true, supersede => true) IS NOT NULL AS set \gset
SAVEPOINT ready;

-- v5.1 2/3
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', answer, 5, 60)), title)),
          'p1 p2- p3 r2; p2+r2', format('version 5.1 of one patch, called %s, that answers %s', title, answer))
  FROM (VALUES ('p2', 'two'), ('c', 'two'), ('', 'two'), ('p2', 'another')) v (answer, title);
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two') || version_6(), 6),
          'p1- p2- p3- q1 q2 q3 r2-; p1+q1 p2+q2+r2 p3+q3', 'version 6 replaces the rest of 5, and 5.1');
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two') || (version_6())[1:2], 6),
          'p1 p2- p3 q1 q2 r2; p1+q1 p2+q2+r2', 'not before it is complete');
SELECT is(in_every_way((version_5())[2:3] || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')),
          'p1 p2- r2; p2+r2', 'of a version that is not complete');
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')
                       || titled(point(patch('s2', '2/3', 'r2', 5, 70), 2), 'two')),
          'p1 p2- p3 r2- s2; p2+r2+s2', 'and 5.2 of the same');
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')
                       || titled(point(patch('s3', '3/3', 'p3', 5, 70), 2), 'three')),
          'p1 p2- p3- r2 s3; p2+r2 p3+s3', '5.2 of another patch');
SELECT is(in_every_way(version_5() || titled(point(patch('r1', '1/3', 'c', 5, 60)), 'one')
                       || titled(point(patch('r3', '3/3', 'c', 5, 60)), 'three')),
          'p1- p2 p3- r1 r3; p1+r1 p3+r3', 'two patches of 5.1');
SELECT is(in_every_way(version_5() || titled(point(patch('r1', '1/3', '', 5, 60)), 'one')
                       || titled(point(patch('r2', '2/3', 'r1', 5, 60)), 'two')
                       || titled(point(patch('r3', '3/3', 'r1', 5, 60)), 'three')),
          'p1- p2- p3- r1 r2 r3; p1+r1 p2+r2 p3+r3', 'the whole of 5.1');
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/4', 'p2', 5, 60)), 'two')),
          'p1 p2 p3 r2; p2+r2', 'one of four replaces none of three');
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60, who => 'eve')), 'two')),
          'p1 p2 p3 r2', 'somebody else''s replaces none');
SELECT is(in_every_way((SELECT array_agg(with_verdict(m, 'pass')) FROM unnest(version_5()) m)
                       || with_verdict(titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two'), verdict)),
          expected, 'of verified patches, with verdict ' || verdict)
  FROM (VALUES ('none', 'p1 p2 p3 r2'), ('fail', 'p1 p2 p3 r2'), ('pass', 'p1 p2- p3 r2; p2+r2')) v (verdict, expected);
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, -60)), 'two')), 'p1 p2 p3 r2',
          'one that was sent before it replaces none');

-- Supersedes:
SELECT is(in_every_way(version_5() || superseding(patch('b', minute => 60), 'p2')),
          'b p1 p2- p3; b+p2', 'a patch of one title instead of one of another');
SELECT is(in_every_way(version_5() || superseding(patch('b', minute => 60), 'c')), 'b p1- p2- p3-',
          'a cover letter means its series');
SELECT is(in_every_way(ARRAY[patch('a'), superseding(patch('b', minute => 60), 'a')]), 'a- b; a+b', 'a patch alone');
SELECT is(in_every_way(version_5() || ARRAY[superseding(cover('d', 2, minute => 60), 'c'),
                                            patch('d1', '1/2', 'd', minute => 60),
                                            patch('d2', '2/2', 'd', minute => 60)]), 'd1 d2 p1- p2- p3-',
          'a cover letter says it of another one, whatever the versions');
SELECT is(in_every_way(version_5() || ARRAY[superseding(cover('d', 2, minute => 60), 'c'),
                                            patch('d1', '1/2', 'd', minute => 60)]), 'd1 p1 p2 p3',
          'not before it is complete');
SELECT is(in_every_way(version_5() || ARRAY[patch('a'), superseding(cover('d', 1, minute => 60), 'p2 a'),
                                            patch('d1', '1/1', 'd', minute => 60)]), 'a- d1 p1- p2- p3-; a+d1',
          'of several, and of a series by one of its patches');
SELECT is(in_every_way(version_5() || superseding(mail, 'p2')), 'b p1 p2 p3', why)
  FROM (VALUES (patch('b', minute => 60, who => 'eve'), 'another''s patch'),
               (with_verdict(patch('b', minute => 60), 'fail'), 'with a worse verdict'),
               (patch('b', minute => -60), 'what was sent later')) v (mail, why);
SELECT is(in_every_way(version_5() || superseding(reply('b', 'p2'), 'p2 c')), 'p1 p2 p3', 'in an answer');
SELECT is(in_every_way(version_5() || (superseding(patch('b', minute => 60), 'p2')
                                       || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}')),
          'b p1 p2 p3', 'of another project');
SELECT is(in_every_way(ARRAY[superseding(patch('b', minute => 60), 'x b')]), 'b', 'what never comes, and itself');
SELECT is(in_every_way(ARRAY[superseding(patch('a'), 'b'), superseding(patch('b', minute => 60), 'a')]), 'a- b; a+b',
          'two that supersede each other: the later one does');
SELECT is(in_every_way(ARRAY[superseding(patch('a'), 'd'), superseding(patch('b', minute => 60), 'a'),
                             superseding(patch('d', minute => 90), 'b')]), 'a- b- d; a+b+d', 'three in a circle');
SELECT is(in_every_way(ARRAY[superseding(patch('a'), 'b'), superseding(patch('b'), 'a')]), 'a b',
          'two of the same moment');
SELECT is(in_every_way(ARRAY[patch('a'), superseding(patch('b', minute => 60), 'a'),
                             superseding(patch('d', minute => 60), 'a')]), 'a- b d; a+b+d', 'two instead of one');

-- One policy at a time
SELECT patchmail.set_policy('demo', relate => true, supersede => false) IS NOT NULL AS set \gset
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')
                       || superseding(titled(patch('b', minute => 70), 'three'), 'p3')),
          'b p1 p2 p3 r2; b+p3 p2+r2', 'only relate');
SELECT patchmail.set_policy('demo', relate => false, supersede => true) IS NOT NULL AS set \gset
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')
                       || superseding(titled(patch('b', minute => 70), 'three'), 'p3')),
          'b p1 p2- p3- r2', 'only supersede');
SELECT patchmail.set_policy('demo', relate => false, supersede => false) IS NOT NULL AS set \gset
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')
                       || superseding(patch('b', minute => 60), 'p3')), 'b p1 p2 p3 r2', 'neither');

-- Afterwards, and why
SELECT store_all(VARIADIC version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two')
                          || superseding(patch('b', minute => 60), 'p3')
                          || superseding(patch('e', minute => 60, who => 'eve'), 'p1'));
SELECT results_eq($$
    SELECT word(p.msgid), v.would_be, regexp_replace(v.why, '\m' || v.series_id || '\M', 'N')
      FROM patchmail.policy_preview('demo', 'supersede') v JOIN public.patchwork_patch p ON p.id = v.patch_id
     ORDER BY p.msgid COLLATE "C"$$, $$VALUES
    ('p1', NULL, 'series N (v1, "e") replaces it, but the two are not all of one sender; known by supersedes'),
    ('p2', 'superseded', 'series N (v5.1) replaces this patch alone; known by in-reply-to, title'),
    ('p3', 'superseded', 'series N (v1, "b") replaces this patch alone; known by supersedes')$$,
    'policy_preview() says what replaces each patch, and why');
SELECT is(shown(), 'b e p1 p2 p3 r2', 'it changes nothing');
SELECT set_eq($$SELECT word(a.after->>'msgid') FROM patchmail.apply_policy('demo', 'supersede') a$$,
              '{p2,p3}'::text[], 'apply_policy() does what it says');
SELECT is(shown(), 'b e p1 p2- p3- r2', 'and nothing else');
SELECT is_empty($$SELECT * FROM patchmail.apply_policy('demo', 'supersede')$$, 'once');
UPDATE public.patchwork_patch SET state_id = (SELECT s.id FROM public.patchwork_state s WHERE s.slug = 'new')
 WHERE word(msgid) = 'p2';
SELECT is_empty($$SELECT * FROM patchmail.apply_policy('demo', 'supersede')$$,
                'a patch that was opened again stays so');
ROLLBACK TO ready;

-- Patchwork's own table of revisions
SELECT is(_patchmail.revision_table(), NULL, 'no release of Patchwork has a table of revisions');
CREATE TABLE public.patchwork_series_supersedes (from_series_id integer, other_id integer);
SELECT is(_patchmail.revision_table(), NULL, 'a table of that name without its columns is another one');
ALTER TABLE public.patchwork_series_supersedes ADD to_series_id text;
SELECT is(_patchmail.revision_table(), NULL, 'so is one with other types');
DROP TABLE public.patchwork_series_supersedes;
CREATE TABLE public.patchwork_series_previous_series (
    id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    from_series_id integer NOT NULL REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    to_series_id   integer NOT NULL REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (from_series_id, to_series_id));
CREATE FUNCTION links() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat(members(l.from_series_id), '>', members(l.to_series_id)), ' '
                               ORDER BY members(l.from_series_id), members(l.to_series_id)), '')
      FROM public.patchwork_series_previous_series l;
$$;
SAVEPOINT bare;
ALTER TABLE public.patchwork_series_previous_series ADD kind text NOT NULL;
SELECT is(_patchmail.revision_table(), NULL, 'one that wants more than that is another one');
ROLLBACK TO bare;
SELECT is(_patchmail.revision_table(), 'public.patchwork_series_previous_series'::regclass,
          'a table of pairs of series is known by its name and columns');
SELECT is(in_every_way(version_5() || titled(point(patch('r2', '2/3', 'p2', 5, 60)), 'two') || version_6()
                       || superseding(patch('b', minute => 60), 'p3') || superseding(patch('e', who => 'eve'), 'p1'),
                       4, 'links()'),
          '[- 1:b]>[c 1:p1 2:p2 3:p3] [- 1:q1 2:q2 3:q3]>[- 2:r2] [- 2:r2]>[c 1:p1 2:p2 3:p3]',
          'each series with those that it replaces directly, of its own sender');
SELECT is(in_every_way(ARRAY[titled(patch('a'), 'x'), titled(patch('b', version => 2, minute => 60), 'x'),
                             titled(patch('d', version => 3, minute => 90), 'x')], 6, 'links()'),
          '[- 1:b]>[- 1:a] [- 1:d]>[- 1:b]', 'also if the version between comes last');
SELECT store_all(titled(patch('a'), 'x'), titled(patch('b', version => 2, minute => 60), 'x'));
DELETE FROM public.patchwork_series_previous_series;
INSERT INTO public.patchwork_series_previous_series (from_series_id, to_series_id)
VALUES ((series_of('a')).id, (series_of('b')).id);
SELECT store_all(titled(patch('d', version => 3, minute => 90), 'x'));
SELECT is(links(), '[- 1:a]>[- 1:b] [- 1:d]>[- 1:b]', 'what users have taken out and entered there stays');
SELECT patchmail.delete_spam(msgids => msgids('b'));
SELECT is(links(), '', 'a series that is deleted leaves it');
SELECT is((SELECT count(*) FROM patchmail.revision r
            WHERE NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = r.series_id)
               OR NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = r.former_id)), 0::bigint,
          'and the ledger');
ROLLBACK TO bare;
SELECT patchmail.set_policy('demo', relate => false) IS NOT NULL AS set \gset
SELECT is(in_every_way(ARRAY[titled(patch('a'), 'x'), titled(patch('b', version => 2, minute => 60), 'x')], 1,
                       'links()'), '', 'without the policy relate nothing is entered');

SELECT * FROM finish();
ROLLBACK;
