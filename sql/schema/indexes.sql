-- Indexes on Patchwork's tables for look-ups that its own do not serve.  An index has to live in its table's schema;
-- the names begin with patchmail_, so Patchwork's migrations stay blind to them.  Each index costs every delivery: no
-- more than what is asked for all day.
-- Locks  writing to each table while its index is made, and until the installation ends.

-- People and users are found by their address, ignoring the case of ASCII letters alone.
CREATE INDEX patchmail_person_email ON public.patchwork_person (upper(email::text COLLATE "C"));
CREATE INDEX patchmail_user_email ON public.auth_user (upper(email::text COLLATE "C"));

-- Events by date, of one project and of all: what CI systems ask for every few minutes.
CREATE INDEX patchmail_event_date ON public.patchwork_event (date);
CREATE INDEX patchmail_event_project_date ON public.patchwork_event (project_id, date);

-- The patches and the series of a project, the newest first: the first page of each list.
CREATE INDEX patchmail_patch_project_date ON public.patchwork_patch (project_id, date);
CREATE INDEX patchmail_series_project_date ON public.patchwork_series (project_id, date);

-- Patches by hash.  Patchwork has this index itself since its migration 0047.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                    WHERE i.indrelid = 'public.patchwork_patch'::regclass AND a.attname = 'hash') THEN
        CREATE INDEX patchmail_patch_hash ON public.patchwork_patch (hash);
    END IF;
END
$$;
