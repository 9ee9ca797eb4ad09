-- _patchmail.late_sequences(): the sequences that would give an id that a row has already: of our tables, and of those
-- of Patchwork and Django.
-- Gives    of each where it is, and the newest id of its table.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.late_sequences()
RETURNS TABLE (sequence regclass, relation regclass, at bigint, newest bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    key_column name;
BEGIN
    FOR relation, key_column, sequence IN
        SELECT k.relation, k.key_column, k.sequence
          FROM _patchmail.key_columns() k JOIN pg_class c ON c.oid = k.relation
         WHERE c.relnamespace = 'patchmail'::regnamespace OR c.relname ~ '^(auth|authtoken|django|patchwork)_'
         ORDER BY c.relname
    LOOP
        at := coalesce(pg_sequence_last_value(sequence), 0);
        EXECUTE format('SELECT max(%I) FROM %s', key_column, relation) INTO newest;
        IF newest > at THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
