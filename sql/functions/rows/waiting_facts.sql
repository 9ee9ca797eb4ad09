-- patchmail.waiting_facts(name, email, headers, content, addressed): what a comment that had a place waits with.
-- Takes    its author's name and address, and what Patchwork's row of it says.
-- Gives    facts as far as they are needed to place it again.
CREATE OR REPLACE FUNCTION patchmail.waiting_facts(name text, email text, headers text, content text, addressed boolean)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('author', jsonb_build_object('name', $1, 'email', $2), 'headers', $3, 'content', $4,
                              'addressed', $5);
$$;
