-- _patchmail.give_mail(from_id, into_id): makes all mail of one person another one's, in Patchwork's tables and in the
-- ledger.
-- Rules    Parts of a series that the two sent under two names may be one series then: their threads are tied as
--          _patchmail.join_threads would, and threads with mail of both are derived anew.
-- Touches  public.patchwork_patch, _cover, _patchcomment, _covercomment, _series; patchmail.message; through
--          _patchmail.rederive.  The caller holds the locks of all projects.
CREATE OR REPLACE FUNCTION _patchmail.give_mail(from_id integer, into_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    shared     bigint[];  -- threads with mail of both
    tied       bigint;
    former     patchmail.message[];
    dependents bigint[];
BEGIN
    PERFORM _patchmail.tie_threads(ARRAY[m.id, o.id])
       FROM patchmail.message m JOIN patchmail.message o ON o.project_id = m.project_id
      WHERE m.submitter_id = from_id AND o.submitter_id = into_id AND m.number IS NOT NULL AND o.number IS NOT NULL
        AND o.date BETWEEN m.date - interval '20 minutes' AND m.date + interval '20 minutes'
        AND o.version = m.version AND o.total = m.total;
    shared := ARRAY(SELECT DISTINCT m.thread FROM patchmail.message m
                     WHERE m.submitter_id = from_id AND m.number IS NOT NULL
                       AND EXISTS (SELECT FROM patchmail.message o
                                    WHERE o.thread = m.thread AND o.submitter_id = into_id AND o.number IS NOT NULL)
                     ORDER BY m.thread);
    UPDATE public.patchwork_patch p SET submitter_id = into_id WHERE p.submitter_id = from_id;
    UPDATE public.patchwork_cover c SET submitter_id = into_id WHERE c.submitter_id = from_id;
    UPDATE public.patchwork_patchcomment k SET submitter_id = into_id WHERE k.submitter_id = from_id;
    UPDATE public.patchwork_covercomment k SET submitter_id = into_id WHERE k.submitter_id = from_id;
    UPDATE public.patchwork_series s SET submitter_id = into_id WHERE s.submitter_id = from_id;
    FOREACH tied IN ARRAY shared LOOP
        former := former || _patchmail.thread_leads(tied);
        dependents := dependents || _patchmail.take_dependencies(tied);
    END LOOP;
    UPDATE patchmail.message m SET submitter_id = into_id WHERE m.submitter_id = from_id;
    FOREACH tied IN ARRAY shared LOOP
        UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
         WHERE m.thread = tied AND m.kind = 'patch' AND m.number IS NOT NULL
           AND NOT (m.adopted OR m.pinned);
        PERFORM _patchmail.rederive(tied, ARRAY(SELECT f FROM unnest(former) f WHERE f.thread = tied), NULL);
    END LOOP;
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
END
$$;
