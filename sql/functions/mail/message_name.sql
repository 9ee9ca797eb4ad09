-- _patchmail.message_name(subject, linkname): the name that Patchwork gives to a patch or a cover letter.
-- Takes    the facts' subject; the project's linkname, which does not count as a prefix.
-- Gives    "[p1,p2] title", or the title if no prefix is left; at most 255 characters.
CREATE OR REPLACE FUNCTION _patchmail.message_name(subject jsonb, linkname text)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN left(coalesce('[' || string_agg(p.value, ',' ORDER BY p.ordinality) || '] ', '') || (subject->>'title'), 255)
      FROM jsonb_array_elements_text(subject->'prefixes') WITH ORDINALITY p
     WHERE lower(p.value COLLATE "C") <> lower(linkname COLLATE "C");
END
$$;
