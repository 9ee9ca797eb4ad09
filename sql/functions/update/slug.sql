-- _patchmail.slug(text): a text as Django makes a name for addresses of it: "Under Review" is under-review.
CREATE OR REPLACE FUNCTION _patchmail.slug(text text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT btrim(regexp_replace(regexp_replace(lower(normalize($1, NFKD) COLLATE "C"), '[^a-z0-9_\s-]', '', 'g'),
                                '[-\s]+', '-', 'g'), '-_');
$$;
