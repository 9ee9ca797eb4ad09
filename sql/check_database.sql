-- Refuses a database that install.sql cannot work on, in words; changes nothing.
-- Takes  the setting patchmail.version: the version to be installed.

-- What patchmaild needs of Patchwork: the tables, and the columns after migration 0046.
CREATE TEMP VIEW patchmail_needs AS
SELECT t.name, string_to_array(t.columns, ' ') AS columns
  FROM (VALUES
    ('auth_user', 'id username first_name last_name email'),
    ('patchwork_project', 'id linkname name listid listemail subject_match web_url scm_url webscm_url'
        ' list_archive_url list_archive_url_format commit_url_format send_notifications use_tags'),
    ('patchwork_state', 'id name slug ordering action_required'),
    ('patchwork_tag', 'id name pattern abbrev show_column'),
    ('patchwork_delegationrule', 'id path priority project_id user_id'),
    ('patchwork_person', 'id email name user_id'),
    ('patchwork_cover', 'id msgid date headers content name project_id submitter_id'),
    ('patchwork_covercomment', 'id msgid date headers content cover_id submitter_id addressed'),
    ('patchwork_series', 'id name date version total project_id submitter_id cover_letter_id'),
    ('patchwork_seriesreference', 'id msgid project_id series_id'),
    ('patchwork_patchrelation', 'id'),
    ('patchwork_patch', 'id msgid date headers content name project_id submitter_id archived commit_ref delegate_id'
        ' diff hash number pull_url related_id series_id state_id'),
    ('patchwork_patchcomment', 'id msgid date headers content patch_id submitter_id addressed'),
    ('patchwork_patchtag', 'id count tag_id patch_id'),
    ('patchwork_check', 'id date state context user_id patch_id'),
    ('patchwork_event', 'id category date actor_id project_id series_id cover_id patch_id cover_comment_id'
        ' patch_comment_id')
  ) t (name, columns);

DO $$
DECLARE
    found     boolean := to_regclass('public.patchwork_patch') IS NOT NULL;
    leftovers text;
    missing   text;
    owner     text;
BEGIN
    IF current_setting('server_version_num')::integer < 150000 THEN
        RAISE EXCEPTION 'patchmaild: PostgreSQL 15 or later is needed, this is %', current_setting('server_version');
    ELSIF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'patchmaild: the database must be in UTF8, this one is in %',
            current_setting('server_encoding');
    END IF;

    IF NOT found THEN
        SELECT string_agg(c.relname, ', ' ORDER BY c.relname) INTO leftovers
          FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace
           AND c.relname ~ '^(auth|authtoken|django|patchwork)_' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S');
        IF leftovers IS NOT NULL THEN
            RAISE EXCEPTION 'patchmaild: half-made database: there is no patchwork_patch, but there is %',
                left(leftovers, 200)
                USING HINT = 'Use an empty database, or let Patchwork''s migrations run to their end first.';
        ELSIF NOT has_schema_privilege('public', 'CREATE') THEN
            RAISE EXCEPTION 'patchmaild: role % may not make tables in schema public', current_user
                USING HINT = 'Run this as the owner of the database.';
        END IF;
        RETURN;
    END IF;

    SELECT string_agg(DISTINCT CASE WHEN c.oid IS NULL THEN n.name ELSE n.name || '.' || n.column_name END, ', ')
      INTO missing
      FROM (SELECT name, unnest(columns) AS column_name FROM pg_temp.patchmail_needs) n
      LEFT JOIN pg_class c ON c.relname = n.name AND c.relnamespace = 'public'::regnamespace
     WHERE NOT EXISTS (SELECT FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attname = n.column_name AND NOT a.attisdropped);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'patchmaild: half-made database or Patchwork older than 3.1: % missing', left(missing, 200)
            USING HINT = 'Let Patchwork''s migrations run to their end first (0046 at least).';
    END IF;

    SELECT string_agg(DISTINCT c.relowner::regrole::text, ', ') INTO owner
      FROM pg_class c JOIN pg_temp.patchmail_needs n ON n.name = c.relname
     WHERE c.relnamespace = 'public'::regnamespace AND NOT pg_has_role(c.relowner, 'USAGE');
    IF owner IS NOT NULL THEN
        RAISE EXCEPTION 'patchmaild: role % does not own the tables of Patchwork', current_user
            USING HINT = format('Run this as %s.', owner);
    END IF;

    IF NOT EXISTS (SELECT FROM public.patchwork_state WHERE ordering = 0) THEN
        RAISE WARNING 'patchmaild: there is no state with ordering 0, so no patch can be stored'
            USING HINT = 'Load Patchwork''s default_states.';
    END IF;
END
$$;

DO $$
DECLARE
    schema    oid := to_regnamespace('patchmail');
    installed integer;
    name      text;
    owner     oid;
BEGIN
    FOREACH name IN ARRAY '{patchmail,_patchmail}'::text[] LOOP
        owner := (SELECT nspowner FROM pg_namespace WHERE nspname = name);
        IF owner IS NULL AND NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION 'patchmaild: role % may not make schema % in database %', current_user, name,
                current_database()
                USING HINT = format('Run this as the owner of the database, or let him make it first: '
                                    'CREATE SCHEMA %s AUTHORIZATION %I', name, current_user);
        ELSIF NOT pg_has_role(owner, 'USAGE') THEN
            RAISE EXCEPTION 'patchmaild: role % does not own schema %', current_user, name
                USING HINT = format('Run this as %s.', owner::regrole);
        END IF;
    END LOOP;
    IF schema IS NULL THEN
        IF EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace('_patchmail')) THEN
            RAISE EXCEPTION 'patchmaild: half-made database: schema _patchmail is not empty, but there is no patchmail'
                USING HINT = 'If nothing in it is wanted: DROP SCHEMA _patchmail CASCADE.';
        END IF;
        RETURN;
    END IF;

    IF to_regclass('patchmail.installed') IS NULL THEN
        IF EXISTS (SELECT FROM pg_class WHERE relnamespace = schema)
           OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = schema) THEN
            RAISE EXCEPTION
                'patchmaild: half-made database: schema patchmail is not empty, but has no table "installed"'
                USING HINT = 'If nothing in it is wanted: DROP SCHEMA patchmail CASCADE.';
        END IF;
        RETURN;
    ELSIF to_regclass('public.patchwork_patch') IS NULL THEN
        RAISE EXCEPTION 'patchmaild: half-made database: schema patchmail is there, the tables of Patchwork are not';
    END IF;

    SELECT max(version) INTO installed FROM patchmail.installed;
    IF installed IS NULL THEN
        RAISE EXCEPTION 'patchmaild: half-made database: patchmail.installed has no row';
    ELSIF installed > current_setting('patchmail.version')::integer THEN
        RAISE EXCEPTION 'patchmaild: the database has version %, newer than the version % of these files',
            installed, current_setting('patchmail.version');
    END IF;
END
$$;

DROP VIEW pg_temp.patchmail_needs;
