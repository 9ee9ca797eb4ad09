-- _patchmail.waiting_facts(name, email, headers, content, addressed): the facts with which a comment that had a place
-- waits.
-- Takes    its author's name and address, and the columns of Patchwork's row.
-- Gives    as much of the facts as placing it again needs.
CREATE OR REPLACE FUNCTION _patchmail.waiting_facts(name text, email text, headers text, content text,
                                                    addressed boolean)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('author', jsonb_build_object('name', $1, 'email', $2), 'headers', $3, 'content', $4,
                              'addressed', $5);
$$;
