-- The states and tags that every Patchwork begins with.  The first state is that of a new patch.

INSERT INTO public.patchwork_state (name, slug, ordering, action_required) VALUES
    ('New', 'new', 0, true),
    ('Under Review', 'under-review', 1, true),
    ('Accepted', 'accepted', 2, false),
    ('Rejected', 'rejected', 3, false),
    ('RFC', 'rfc', 4, false),
    ('Not Applicable', 'not-applicable', 5, false),
    ('Changes Requested', 'changes-requested', 6, false),
    ('Awaiting Upstream', 'awaiting-upstream', 7, false),
    ('Superseded', 'superseded', 8, false),
    ('Deferred', 'deferred', 9, false);

INSERT INTO public.patchwork_tag (name, pattern, abbrev, show_column) VALUES
    ('Acked-by', '^Acked-by:', 'A', true),
    ('Reviewed-by', '^Reviewed-by:', 'R', true),
    ('Tested-by', '^Tested-by:', 'T', true);
