-- patchmail.event_date(project_id): the date of the next event of a project.  All events that we write have theirs from
-- here; several of one statement count on from it by microseconds.
-- Takes    the project, whose lock the caller has.
-- Gives    the time now, as Patchwork would write it; where an event of the project is dated then or later, the
--          microsecond after the last of them.
-- Why      Who polls Patchwork's API asks for what is newer than the last date that he saw.  So the dates rise with the
--          commits: the time is taken after the lock, and a clock that was put back does not count.
-- Rules    An event that is more than a day ahead, because of somebody's wrong clock, is passed over, or every date would
--          be as wrong from then on.  Patchwork takes no lock for its own events: ours are later than those that it has
--          committed.
-- Touches  nothing.
-- Speed    There is hardly ever an event after the time now, of whatever project: the last one by the index on date says
--          so, and no other question is as cheap to plan.  In the second one the project is kept out of the index's
--          conditions, since by its own index all its events would be looked through.
CREATE OR REPLACE FUNCTION patchmail.event_date(project_id integer)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    present timestamptz := patchmail.patchwork_time(clock_timestamp());
    last    timestamptz;
BEGIN
    SELECT e.date INTO last FROM public.patchwork_event e ORDER BY e.date DESC LIMIT 1;
    IF last >= present THEN
        last := (SELECT e.date FROM public.patchwork_event e
                  WHERE e.date >= present AND e.date < present + interval '1 day'
                    AND e.project_id + 0 = event_date.project_id
                  ORDER BY e.date DESC LIMIT 1);
        present := coalesce(last + interval '1 microsecond', present);
    END IF;
    RETURN present;
END
$$;
