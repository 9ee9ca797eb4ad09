-- _patchmail.list_archive_url(format, msgid): where a list's archive shows a mail.
-- Takes    the project's list_archive_url_format, whose {} stands for the Message-ID.
-- Gives    the URL with the Message-ID as it is, without <>; NULL if there is no format.
CREATE OR REPLACE FUNCTION _patchmail.list_archive_url(format text, msgid text)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN replace(nullif(format, ''), '{}', btrim(msgid, '<>'));
END
$$;
