-- _patchmail.free_threads(threads, project_id): those of some threads of which a project has no mail.
-- Gives    them; a notice for each of the others.  Threads that hang together by a series stay together.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.free_threads(threads bigint[], project_id integer)
RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    thread bigint;
    known  text;
    stuck  bigint[] := '{}';
BEGIN
    FOREACH thread IN ARRAY threads LOOP
        known := _patchmail.mail_in_common(ARRAY[thread], project_id);
        IF known IS NOT NULL THEN
            RAISE NOTICE 'stays, since the other project has mail of its thread: %', _patchmail.printable(known);
            stuck := stuck || _patchmail.whole_threads(ARRAY[thread]);
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT t FROM unnest(threads) t WHERE t <> ALL (stuck));
END
$$;
