-- _patchmail.event_date(project_id, events, past): the date of the next event of a project.  All events that we write
-- have their dates from here, but for what is of history where many are written at once; several of one statement count
-- on from it by microseconds.
-- Takes    the project, whose lock the caller has, and how many events it is about to write, as far as it knows; and
--          the date of the mail if that is of transport "history", else NULL.
-- Gives    the time now, as Patchwork would write it; if an event of the project is dated then or later, the
--          microsecond after the last of them.  In a transaction of history (_patchmail.begin_history), of mail of
--          history, the date of the mail; one in the future does not count.
-- Why      Whoever polls Patchwork's API asks for what is newer than the last date that he saw.  So the dates rise with
--          the commits: the time is taken after the lock, and a clock that was put back does not count.
-- Rules    An event that is more than a day ahead, because of somebody's wrong clock, is passed over, or every date
--          would be just as wrong from then on.  Patchwork takes no lock for its own events: ours are later than those
--          that it has committed.
-- Touches  the sequences patchmail.known_event and patchmail.last_date (setting.sql).
-- Speed    There is hardly ever an event after the time now, but to ask the table costs as much as all else that is
--          done for a patch's events: each of its many indexes is looked at.  So it is asked only if somebody else has
--          taken an id since our last event, which known_event shows, or if the clock has not moved on since.
CREATE OR REPLACE FUNCTION _patchmail.event_date(project_id integer, events integer, past timestamptz DEFAULT NULL)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    present timestamptz := _patchmail.patchwork_time(clock_timestamp());
    newest  bigint := pg_sequence_last_value(regclass 'public.patchwork_event_id_seq');
    moment  bigint;
BEGIN
    IF past IS NOT NULL AND _patchmail.history_began() IS NOT NULL THEN
        RETURN least(_patchmail.to_patchwork(past), _patchmail.history_began());
    END IF;
    moment := date_part(text 'epoch', present) * float8 '1000000';
    IF (pg_sequence_last_value(regclass 'patchmail.known_event') = newest
        AND pg_sequence_last_value(regclass 'patchmail.last_date') < moment) IS NOT TRUE THEN
        present := coalesce((SELECT e.date FROM public.patchwork_event e
                              WHERE e.date >= present AND e.date < present + interval '1 day'
                                AND e.project_id = event_date.project_id
                              ORDER BY e.date DESC LIMIT 1) + interval '1 microsecond', present);
        moment := date_part(text 'epoch', present) * float8 '1000000';
    END IF;
    newest := setval(regclass 'patchmail.known_event', newest + events);
    moment := setval(regclass 'patchmail.last_date', moment + events);
    RETURN present;
END
$$;
