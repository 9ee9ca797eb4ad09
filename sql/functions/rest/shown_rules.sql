-- _patchmail.shown_rules(kind): what _patchmail.list_rules gives, as whoever is connected may use it.
-- Gives    names and addresses of people that are hidden are neither searched nor ordered by.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.shown_rules(kind text, OUT relation text, OUT default_order text,
                                                 OUT filters jsonb, OUT orders jsonb, OUT searched text[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    shown record;
BEGIN
    SELECT r.* INTO relation, default_order, filters, orders, searched FROM _patchmail.list_rules(kind) r;
    IF kind IN ('person', 'user') AND _patchmail.hides_addresses(NULL) THEN
        FOR shown IN
            SELECT s.hidden, s.expression
              FROM (VALUES ('person', 'x.name', '(_patchmail.shown_person(x.id, NULL)).name'),
                           ('person', 'x.email', '(_patchmail.shown_person(x.id, NULL)).email'),
                           ('user', 'x.email', 'CASE WHEN NOT _patchmail.hides_user(x.id, NULL) THEN x.email END'))
                   s (kind, hidden, expression)
             WHERE s.kind = shown_rules.kind
        LOOP
            searched := array_replace(searched, shown.hidden, shown.expression);
            orders := (SELECT jsonb_object_agg(o.key, CASE WHEN o.value = to_jsonb(shown.hidden)
                                                           THEN to_jsonb(shown.expression) ELSE o.value END)
                         FROM jsonb_each(orders) o);
        END LOOP;
    END IF;
END
$$;
