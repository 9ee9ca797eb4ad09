-- _patchmail.patch_url(base_url, linkname, msgid): the address of a patch's page; the mbox is at mbox/ below it.
-- A slash in the Message-ID is escaped before the whole is, hence its percent sign once more: Patchwork undoes both.
CREATE OR REPLACE FUNCTION _patchmail.patch_url(base_url text, linkname text, msgid text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('%s/project/%s/patch/%s/', base_url, _patchmail.url_quote(linkname),
                  _patchmail.url_quote(replace(btrim(msgid, '<>'), '/', '%2F')));
$$;
