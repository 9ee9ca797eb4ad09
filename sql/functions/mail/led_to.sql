-- _patchmail.led_to(address, person_id): whether an address was somebody's who was merged into that person.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.led_to(address text, person_id integer)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN pg_relation_size('patchmail.person_alias') > 0
           AND EXISTS (SELECT FROM patchmail.person_alias a
                        WHERE a.email = upper(address COLLATE "C") AND a.person_id = led_to.person_id);
END
$$;
