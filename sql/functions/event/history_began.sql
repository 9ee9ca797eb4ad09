-- _patchmail.history_began(): the instant before which the events that this transaction writes are of history, see
-- _patchmail.begin_history.
-- Gives    it as Patchwork writes it; NULL in every other transaction.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.history_began()
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT to_timestamp(nullif(current_setting('patchmail.history', true), '')::float8);
$$;
