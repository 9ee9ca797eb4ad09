-- _patchmail.cover_part(cover_id, base_url): a cover letter as it stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.cover_part(cover_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT _patchmail.mail_part('cover', x.id, x.project_id, x.msgid, x.date, x.name, base_url)
              FROM public.patchwork_cover x WHERE x.id = $1);
END
$$;
