-- _patchmail.profile_of(user_id): the id of the profile that Patchwork keeps of a user, made if there is none.
-- Touches  public.patchwork_userprofile.
CREATE OR REPLACE FUNCTION _patchmail.profile_of(user_id integer)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_userprofile AS f (send_email, items_per_page, show_ids, user_id)
    VALUES (false, 100, false, profile_of.user_id) ON CONFLICT DO NOTHING;
    RETURN (SELECT f.id FROM public.patchwork_userprofile f WHERE f.user_id = profile_of.user_id);
END
$$;
