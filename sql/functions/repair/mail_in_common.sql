-- _patchmail.mail_in_common(threads, project_id): a mail of some threads that another project has too.
-- Gives    its Message-ID, or NULL.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.mail_in_common(threads bigint[], project_id integer)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT k.msgid
          FROM patchmail.message m CROSS JOIN LATERAL (
               SELECT m.msgid UNION ALL
               SELECT a.alias FROM patchmail.alias a WHERE a.project_id = m.project_id AND a.msgid = m.msgid) k (msgid)
         WHERE m.thread = ANY (threads)
           AND (EXISTS (SELECT FROM patchmail.message o
                         WHERE o.project_id = mail_in_common.project_id AND o.msgid = k.msgid)
                OR EXISTS (SELECT FROM patchmail.alias o
                            WHERE o.project_id = mail_in_common.project_id AND o.alias = k.msgid)
                OR EXISTS (SELECT FROM public.patchwork_patch o
                            WHERE o.project_id = mail_in_common.project_id AND o.msgid = k.msgid)
                OR EXISTS (SELECT FROM public.patchwork_cover o
                            WHERE o.project_id = mail_in_common.project_id AND o.msgid = k.msgid))
         ORDER BY m.id LIMIT 1);
END
$$;
