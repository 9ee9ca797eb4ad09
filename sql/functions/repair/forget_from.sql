-- _patchmail.forget_from(address, person_id, stand_in): writes the From fields of somebody's mail anew.
-- Takes    the address in upper case; the person who has it, or NULL; and the name that stands in for his.
-- Rules    Also what says in his name where to answer, and who sent his mail.  His mail names nobody any more.
-- Touches  public.patchwork_patch, _cover, _patchcomment, _covercomment (headers); patchmail.message (author_name,
--          edited, waiting).
CREATE OR REPLACE FUNCTION _patchmail.forget_from(address text, person_id integer, stand_in text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    fields   CONSTANT text := '^(From|Sender|Reply-To|X-Original-From):.*(\n[ \t].*)*';
    anew     CONSTANT text := format('\1: %1$s <%1$s@forgotten.invalid>', stand_in);
    relation regclass;
BEGIN
    FOREACH relation IN ARRAY '{public.patchwork_patch, public.patchwork_cover, public.patchwork_patchcomment,
                                public.patchwork_covercomment}'::regclass[] LOOP
        EXECUTE format('UPDATE %s x SET headers = regexp_replace(x.headers, $1, $2, ''gin'') WHERE x.submitter_id = $3',
                       relation)
          USING fields, anew, person_id;
    END LOOP;
    UPDATE patchmail.message m
       SET waiting = m.waiting || jsonb_build_object(
               'author', jsonb_build_object('name', stand_in, 'email', stand_in || '@forgotten.invalid'),
               'original_author', NULL, 'headers', regexp_replace(m.waiting->>'headers', fields, anew, 'gin')),
           author_name = NULL
     WHERE m.waiting IS NOT NULL AND upper(_patchmail.author_address(m) COLLATE "C") = forget_from.address;
    UPDATE patchmail.message m SET author_name = NULL, edited = true WHERE m.submitter_id = person_id;
END
$$;
