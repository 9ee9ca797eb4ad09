-- Mail is compressed by LZ4 where the server can: PostgreSQL's own method takes a tenth of the time that storing takes,
-- and saves no more than a few per cent of the room.  What is stored already stays as it is, and both are read.
-- Run by all.sql every time, after the functions are made anew.
DO $$
DECLARE
    store regprocedure;
BEGIN
    IF EXISTS (SELECT FROM pg_settings s WHERE s.name = 'default_toast_compression' AND 'lz4' = ANY (s.enumvals)) THEN
        FOREACH store IN ARRAY ARRAY['patchmail.store(jsonb,bytea,jsonb)',
                                     'patchmail.store_many(jsonb,jsonb,bytea[])'] LOOP
            EXECUTE format('ALTER FUNCTION %s SET default_toast_compression = lz4', store);
        END LOOP;
    END IF;
END
$$;
