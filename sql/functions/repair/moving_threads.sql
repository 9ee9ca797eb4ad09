-- _patchmail.moving_threads(project_id, msgids, patches, series): the threads that move if these move.
-- Takes    the project that all of these are of.
-- Gives    whole threads (_patchmail.whole_threads), all of whose mail is in the ledger.
-- Touches  through _patchmail.adopt.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.moving_threads(project_id integer, msgids text[], patches integer[],
                                                    series integer[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    named   text[] := ARRAY(SELECT (_patchmail.known_message(project_id, u)).msgid FROM unnest(msgids) u
                            UNION
                            SELECT p.msgid FROM public.patchwork_patch p WHERE p.id = ANY (patches));
    threads bigint[];
BEGIN
    PERFORM _patchmail.adopt(project_id, named), _patchmail.adopt_series(series);
    threads := _patchmail.whole_threads(ARRAY(
        SELECT m.thread FROM patchmail.message m
         WHERE m.project_id = moving_threads.project_id AND m.msgid = ANY (named)
        UNION
        SELECT m.thread FROM unnest(series) s, _patchmail.series_messages(s) m));
    PERFORM _patchmail.adopt(moving_threads.project_id, array_agg(k.msgid::text))
       FROM patchmail.message m CROSS JOIN LATERAL (
            SELECT c.msgid FROM public.patchwork_patchcomment c WHERE c.patch_id = m.patch_id
            UNION ALL
            SELECT c.msgid FROM public.patchwork_covercomment c WHERE c.cover_id = m.cover_id) k
      WHERE m.thread = ANY (threads)
     HAVING count(*) > 0;
    RETURN threads;
END
$$;
