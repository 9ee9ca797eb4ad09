-- _patchmail.withdraw_name(gone): gives the author of a mail that has left the ledger the name that he would have if it
-- had not come.
-- Takes    its former row.
-- Rules    Names are chosen as in _patchmail.find_person.  A name that is not that mail's stays, and one that an admin
--          gave.  If no other mail gives one, the name of a user stays too, and that of somebody whose mail Patchwork
--          has stored itself.
-- Touches  public.patchwork_person.
CREATE OR REPLACE FUNCTION _patchmail.withdraw_name(gone patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    left_over text := _patchmail.mailed_name(gone.submitter_id);
BEGIN
    UPDATE public.patchwork_person p SET name = left_over
     WHERE NOT EXISTS (SELECT FROM patchmail.person_name g WHERE g.person_id = p.id)
       AND p.id = gone.submitter_id AND p.name = gone.author_name AND p.name IS DISTINCT FROM left_over
       AND NOT _patchmail.wrote_later(p.id, least(gone.date, gone.arrived))
       AND (left_over IS NOT NULL OR p.user_id IS NULL AND NOT _patchmail.wrote_later(p.id, '-infinity'));
END
$$;
