-- _patchmail.domains_related(one, other): whether the domains of two addresses are the same, or one is above the other.
-- Takes    addresses in ASCII; their case does not matter.
-- Rules    A domain of one label is related to none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.domains_related(one text, other text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT strpos(a, '.') > 0 AND strpos(b, '.') > 0
           AND (a = b OR right(a, length(b) + 1) = '.' || b OR right(b, length(a) + 1) = '.' || a)
      FROM (SELECT upper(substring(one COLLATE "C" FROM '[^@]*$')),
                   upper(substring(other COLLATE "C" FROM '[^@]*$'))) d (a, b);
$$;
