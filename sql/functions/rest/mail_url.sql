-- _patchmail.mail_url(base_url, linkname, kind, msgid): the address of a patch's or cover letter's page; the mbox is at
-- mbox/ below it.
-- Takes    kind: "patch" or "cover".
-- Rules    A slash in the Message-ID is escaped before the whole is, hence its percent sign once more: Patchwork undoes
--          both.
CREATE OR REPLACE FUNCTION _patchmail.mail_url(base_url text, linkname text, kind text, msgid text)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN format('%s/project/%s/%s/%s/', base_url, _patchmail.url_quote(linkname), kind,
                  _patchmail.url_quote(replace(btrim(msgid, '<>'), '/', '%2F')));
END
$$;
