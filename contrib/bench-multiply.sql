-- Multiplies what a database holds:  psql -v copies=N -f contrib/bench-multiply.sql
--
-- Each copy is the same threads again, later, with ids, Message-IDs, titles and hashes of their own, by the same
-- people.  This is how contrib/bench makes a large database out of a small one: a hundred times as fast as storing mail
-- after mail.
\set ON_ERROR_STOP on
\set QUIET on

BEGIN;
SET LOCAL session_replication_role = replica;  -- the keys of the copies are right if those of the original are
SET LOCAL patchmail.copies = :'copies';

-- What a column of a copy has, by the column's name.
CREATE FUNCTION pg_temp.column_of_copy(name text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN name IN ('project_id', 'submitter_id', 'state_id', 'tag_id', 'delegate_id')
                     THEN format('o.%I', name)
                WHEN name = 'message_id'
                     THEN 'CASE o.message_id WHEN 0 THEN 0 ELSE o.message_id + copy.n * span.ids END'
                WHEN name IN ('id', 'thread') OR name LIKE '%\_id' AND name <> 'change_id'
                     THEN format('o.%I + copy.n * span.ids', name)
                WHEN name = 'msgid' THEN $q$replace(o.msgid, '@', '.' || copy.n || '@')$q$
                WHEN name = 'refs' THEN $q$ARRAY(SELECT replace(r, '@', '.' || copy.n || '@') FROM unnest(o.refs) r)$q$
                WHEN name IN ('name', 'title') THEN format($q$o.%I || ' ' || copy.n$q$, name)
                WHEN name = 'hash' THEN $q$left(md5(o.hash || copy.n) || md5(copy.n || o.hash), 40)$q$
                WHEN name = 'date' THEN 'o.date + copy.n * span.time'
                ELSE format('o.%I', name) END;
$$;

DO $$
DECLARE
    copies   integer := current_setting('patchmail.copies');
    original regclass;
BEGIN
    CREATE TEMP TABLE span ON COMMIT DROP AS
    SELECT greatest((SELECT max(id) FROM public.patchwork_event), (SELECT max(id) FROM patchmail.message)) AS ids,
           (SELECT max(date) - min(date) + interval '1 hour' FROM patchmail.message) AS time;
    FOREACH original IN ARRAY ARRAY['patchmail.message', 'patchmail.reference', 'public.patchwork_series',
            'public.patchwork_cover', 'public.patchwork_patch', 'public.patchwork_patchcomment',
            'public.patchwork_covercomment', 'public.patchwork_patchtag', 'public.patchwork_event']::regclass[]
    LOOP
        EXECUTE (
            SELECT format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE '
                          'SELECT %s FROM span, generate_series(1, %s) AS copy(n), %s o',
                          original, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
                          string_agg(pg_temp.column_of_copy(a.attname), ', ' ORDER BY a.attnum), copies - 1, original)
              FROM pg_attribute a WHERE a.attrelid = original AND a.attnum > 0 AND NOT a.attisdropped);
        IF original <> 'patchmail.reference'::regclass THEN
            EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), max(id)) FROM %s', original, original);
        END IF;
    END LOOP;
END
$$;
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
