-- Takes patchmaild out of a database; Patchwork's tables stay with all mail that is in them, and its own parsemail goes
-- on with the series that have begun:  psql -f sql/uninstall.sql DATABASE
--
-- Takes    the owner of schema patchmail and of Patchwork's tables.  What only patchmaild has is lost with it: what is
--          in quarantine, replies that wait for what they answer, mail of mailboxes that is to be tried again, the
--          bytes of stored mail, events that hooks were not told of.  While there is any it is refused, unless one asks
--          for it:
--              psql -v discard=on -f sql/uninstall.sql DATABASE
--          Verdicts, policies and how far each mailbox was read go without that.
-- Gives    patchwork_seriesreference as parsemail would have filled it (patchmail.write_series_references); nothing of
--          patchmaild in any schema.  All or nothing: it is one transaction.  If nothing is left to do it says so.
-- Locks    every project, in the order of their ids; so nothing is being delivered.  What comes later is deferred.

\set ON_ERROR_STOP on
\set QUIET on
\set SHOW_CONTEXT never
\if :{?discard}
\else
\set discard off
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL search_path = pg_catalog;
SET LOCAL patchmail.discard = :'discard';
SELECT pg_advisory_xact_lock(hashtextextended('patchmail.install', 0)) AS patchmail_lock \gset
DO $$
BEGIN
    IF to_regclass('patchmail.installed') IS NULL
       AND EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_namespace'::regclass
                                             AND d.refobjid = to_regnamespace('patchmail')) THEN
        RAISE EXCEPTION
            'patchmaild: schema patchmail is not empty, but has no table "installed": it is not of patchmaild''s making'
            USING HINT = 'If nothing in it is wanted: DROP SCHEMA patchmail CASCADE.';
    ELSIF to_regclass('patchmail.installed') IS NOT NULL AND to_regclass('patchmail.setting') IS NULL THEN
        RAISE EXCEPTION 'patchmaild: schema patchmail is of an older version'
            USING HINT = 'Run install.sql of this one first.';
    END IF;
END
$$;
SELECT to_regclass('patchmail.installed') IS NOT NULL AS patchmail_found,
       to_regnamespace('patchmail') IS NOT NULL AS patchmail_given \gset
\set patchmail_done 'nothing of patchmaild is here'

\if :patchmail_found
DROP TRIGGER IF EXISTS patchmail_event ON public.patchwork_event;
SELECT count(pg_advisory_xact_lock(hashtext('patchmail.project'), p.id)) AS patchmail_lock
  FROM (SELECT p.id FROM public.patchwork_project p ORDER BY p.id) p \gset

DO $$
DECLARE
    lost   text;
    others text;
BEGIN
    WHILE EXISTS (SELECT FROM patchmail.unplaced) LOOP  -- answers whose place is known
        PERFORM patchmail.place_waiting();
    END LOOP;
    SELECT string_agg(x.n || ' ' || x.what, ', ' ORDER BY x.place) INTO lost
      FROM (SELECT 1, count(*), 'mails in quarantine' FROM patchmail.quarantine
            UNION ALL
            SELECT 2, count(*), 'replies that wait for what they answer'
              FROM patchmail.message m WHERE m.waiting IS NOT NULL
            UNION ALL
            SELECT 3, count(*), 'mails of mailboxes that are to be tried again'
              FROM patchmail.deferred_uid
            UNION ALL
            SELECT 4, count(*), 'mails whose bytes are kept' FROM patchmail.raw
            UNION ALL
            SELECT 5, (SELECT count(*) FROM patchmail.hook h JOIN patchmail.event_order o ON o.position > h.position)
                      + (SELECT count(*) FROM patchmail.deferred_event), 'events that hooks were not told of')
           x (place, n, what)
     WHERE x.n > 0;
    IF lost IS NOT NULL AND NOT current_setting('patchmail.discard')::boolean THEN
        RAISE EXCEPTION 'patchmaild: this would be lost: %', lost
            USING HINT = 'If nobody wants it: psql -v discard=on -f uninstall.sql';
    END IF;

    -- What others made of ours would go with it.
    WITH our_schema AS (
        SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('patchmail', '_patchmail')
    ), ours AS (
        SELECT d.classid, d.objid FROM pg_depend d
         WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid IN (SELECT o.oid FROM our_schema o)
    ), also AS (  -- and the row types of our tables
        SELECT o.classid, o.objid FROM ours o
        UNION
        SELECT 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typnamespace = 'patchmail'::regnamespace
    )
    SELECT string_agg(DISTINCT x.identity, ', ') INTO others
      FROM also a
      JOIN pg_depend d ON d.refclassid = a.classid AND d.refobjid = a.objid AND d.deptype = 'n'
      LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
      CROSS JOIN LATERAL pg_identify_object(CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,
                                            coalesce(r.ev_class, d.objid), 0) x
     WHERE x.identity !~ '\m_?patchmail\.'
       AND NOT (d.classid = 'pg_namespace'::regclass AND d.objid IN (SELECT o.oid FROM our_schema o));
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'patchmaild: this needs schema patchmail and would be lost with it: %', left(others, 200)
            USING HINT = 'Drop it first.';
    END IF;
END
$$;

SELECT patchmail.write_series_references() AS patchmail_references \gset
\set patchmail_done 'schema patchmail is gone, ' :patchmail_references ' references of series were written'
\endif

\if :patchmail_given
DROP SCHEMA patchmail CASCADE;
DROP SCHEMA IF EXISTS _patchmail CASCADE;
\endif
SELECT format('DROP INDEX public.%I', c.relname)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'i' AND c.relname LIKE 'patchmail\_%'
\gexec
COMMIT;
\echo patchmaild: :patchmail_done
