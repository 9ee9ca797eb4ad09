-- patchmail.domains_related(one, other): whether the domain of one address is that of the other one, or above or below it.
-- Takes    addresses in ASCII; their case does not matter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.domains_related(one text, other text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT a = b OR right(a, length(b) + 1) = '.' || b OR right(b, length(a) + 1) = '.' || a
      FROM (SELECT upper(substring(one COLLATE "C" FROM '[^@]*$')), upper(substring(other COLLATE "C" FROM '[^@]*$'))) d(a, b)
     WHERE strpos(a, '.') > 0 AND strpos(b, '.') > 0;
$$;
