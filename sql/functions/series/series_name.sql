-- _patchmail.series_name(lead): the name of a series: the cover letter's without prefixes, else patch 1's with them.
CREATE OR REPLACE FUNCTION _patchmail.series_name(lead patchmail.message)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN lead.kind = 'cover' THEN nullif(lead.title, '')
                WHEN coalesce(lead.number, 1) = 1 THEN lead.name END;
$$;
