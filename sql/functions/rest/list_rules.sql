-- _patchmail.list_rules(kind): what Patchwork's REST API knows of one of its lists.
-- Takes    kind: patch, cover, series, event, project, person, user, bundle, check, patchcomment or covercomment.
-- Gives    relation: the table; default_order.
--          filters: for each name its rule (_patchmail.list_condition), and the column that it is about.
--          orders: for each name that a list may be ordered by, an expression.  searched: the columns that q looks in.
--          In all of them x is the row.
-- Rules    Left out are the orders for which Patchwork itself fails, or gives a row several times: check, received_all,
--          subject.
CREATE OR REPLACE FUNCTION _patchmail.list_rules(kind text, OUT relation text, OUT default_order text,
                                                OUT filters jsonb, OUT orders jsonb, OUT searched text[])
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.relation, l.default_order, l.filters::jsonb, l.orders::jsonb, l.searched::text[]
      FROM (VALUES
        ('patch', 'public.patchwork_patch', 'id',
         '{"project": ["project", "x.project_id"], "series": ["series", "x.series_id"],
           "submitter": ["person", "x.submitter_id"], "delegate": ["user", "x.delegate_id"],
           "state": ["state", "x.state_id"], "archived": ["boolean", "x.archived"], "hash": ["hash", "x.hash"],
           "msgid": ["msgid", "x.msgid"], "before": ["before", "x.date"], "since": ["since", "x.date"]}',
         '{"id": "x.id", "name": "x.name", "date": "x.date", "archived": "x.archived", "submitter": "x.submitter_id",
           "project": "(SELECT p.linkname FROM public.patchwork_project p WHERE p.id = x.project_id)",
           "state": "(SELECT s.ordering FROM public.patchwork_state s WHERE s.id = x.state_id)"}', '{x.name}'),
        ('cover', 'public.patchwork_cover', 'id',
         '{"project": ["project", "x.project_id"], "submitter": ["person", "x.submitter_id"],
           "msgid": ["msgid", "x.msgid"], "before": ["before", "x.date"], "since": ["since", "x.date"],
           "series": ["led series", "x.id"]}',
         '{"id": "x.id", "name": "x.name", "date": "x.date", "submitter": "x.submitter_id"}', '{x.name}'),
        ('series', 'public.patchwork_series', 'id',
         '{"project": ["project", "x.project_id"], "submitter": ["person", "x.submitter_id"],
           "before": ["before", "x.date"], "since": ["since", "x.date"]}',
         '{"id": "x.id", "name": "x.name", "date": "x.date", "submitter": "x.submitter_id"}', '{x.name}'),
        ('event', 'public.patchwork_event', '-date',
         '{"project": ["project", "x.project_id"], "category": ["category", "x.category"],
           "series": ["series", "x.series_id"], "patch": ["patch", "x.patch_id"], "cover": ["cover", "x.cover_id"],
           "actor": ["user", "x.actor_id"], "before": ["before", "x.date"], "since": ["since", "x.date"]}',
         '{"date": "x.date"}', '{}'),
        ('project', 'public.patchwork_project', 'id', '{}',
         '{"id": "x.id", "name": "x.name", "link_name": "x.linkname", "list_id": "x.listid"}',
         '{x.linkname,x.listid,x.listemail,x.web_url,x.scm_url,x.webscm_url,x.list_archive_url,
           x.list_archive_url_format,x.commit_url_format}'),
        ('person', 'public.patchwork_person', 'id', '{}', '{"id": "x.id", "name": "x.name", "email": "x.email"}',
         '{x.name,x.email}'),
        ('user', 'public.auth_user', 'id', '{}', '{"id": "x.id", "username": "x.username", "email": "x.email"}',
         '{x.username,x.first_name,x.last_name,x.email}'),
        ('bundle', 'public.patchwork_bundle', 'id',
         '{"project": ["project", "x.project_id"], "owner": ["user", "x.owner_id"],
           "public": ["boolean", "x.public"]}',
         '{"id": "x.id", "name": "x.name", "owner": "x.owner_id"}', '{x.name}'),
        ('check', 'public.patchwork_check', 'id',
         '{"user": ["user", "x.user_id"], "state": ["check", "x.state"], "context": ["text", "x.context"],
           "before": ["before", "x.date"], "since": ["since", "x.date"]}',
         '{"id": "x.id", "user": "x.user_id", "date": "x.date", "state": "x.state", "target_url": "x.target_url",
           "context": "x.context", "description": "x.description"}', '{}'),
        ('patchcomment', 'public.patchwork_patchcomment', 'id', '{}',
         '{"id": "x.id", "date": "x.date", "submitter": "x.submitter_id"}', '{}'),
        ('covercomment', 'public.patchwork_covercomment', 'id', '{}',
         '{"id": "x.id", "date": "x.date", "submitter": "x.submitter_id"}', '{}')
        ) l (kind, relation, default_order, filters, orders, searched)
     WHERE l.kind = list_rules.kind;
$$;
