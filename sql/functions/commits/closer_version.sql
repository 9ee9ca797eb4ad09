-- _patchmail.closer_version(patch_id, diff): an earlier version of a patch that is more like a commit.
-- Takes    a patch that has the title of the commit, and the diff of the commit's facts.
-- Gives    a patch with the same title that the same submitter sent earlier, within a year, to this project or another
--          one, if most of its changed lines are in the commit, and either a larger part of them than of this one's or
--          it has more in common with the commit: the most like it; NULL if there is none, or no diff.
-- Touches  nothing.
-- Speed    It reads the names of the patches that a submitter sent in a year, and the diffs of the twenty latest of
--          those with the title; that of the patch itself only if there are some.
CREATE OR REPLACE FUNCTION _patchmail.closer_version(patch_id integer, diff text)
RETURNS integer LANGUAGE sql STABLE AS $$
    WITH patch AS (
        SELECT * FROM public.patchwork_patch p WHERE p.id = $1
    ), earlier AS (
        SELECT o.id, o.diff
          FROM patch p JOIN public.patchwork_patch o ON o.submitter_id = p.submitter_id AND o.msgid <> p.msgid
                                                    AND o.date < p.date AND o.date > p.date - interval '1 year'
         WHERE $2 <> '' AND _patchmail.plain_title(o.name) = _patchmail.plain_title(p.name)
         ORDER BY o.date DESC, o.id DESC LIMIT 20
    )
    SELECT l.id
      FROM (SELECT e.id, _patchmail.likeness(e.diff, $2) AS likeness, _patchmail.share_of_lines(e.diff, $2) AS share
              FROM earlier e OFFSET 0) l
     WHERE l.share > 0.5 AND (l.share > (SELECT _patchmail.share_of_lines(p.diff, $2) FROM patch p)
                              OR l.likeness > (SELECT _patchmail.likeness(p.diff, $2) FROM patch p))
     ORDER BY l.likeness DESC, l.id LIMIT 1;
$$;
