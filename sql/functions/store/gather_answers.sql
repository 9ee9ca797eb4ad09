-- _patchmail.gather_answers(project_id, msgid): moves the replies to a mail into its project, from its sibling projects
-- (_patchmail.sibling_projects).
-- Takes    the project, and the Message-ID of a mail that has been stored in it.
-- Rules    A reply that came before what it answers has waited in the project that its subject chose
--          (_patchmail.choose_project), or is a comment on an earlier mail of the thread.  The replies to a reply move
--          with it.
-- Limits   It follows the replies to at most a thousand mails; replies to more stay in their projects.
-- Touches  through _patchmail.transfer_comment.  The caller holds the locks of all these projects.
CREATE OR REPLACE FUNCTION _patchmail.gather_answers(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    projects integer[] := _patchmail.sibling_projects(ARRAY[project_id]);
    queue    text[] := ARRAY[gather_answers.msgid];  -- mails whose answers move
    at       integer := 1;
    comment  patchmail.message;
    home     integer;
BEGIN
    WHILE at <= least(cardinality(queue), 1000) LOOP
        FOR comment IN
            SELECT m.* FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = ANY (projects) AND m.kind = 'comment' AND NOT (m.adopted OR m.pinned)
               AND r.msgid IN (SELECT queue[at] UNION ALL SELECT a.alias FROM patchmail.alias a
                                WHERE a.project_id = ANY (projects) AND a.msgid = queue[at])
             ORDER BY m.id
        LOOP
            home := _patchmail.find_answered(projects, comment.msgid, comment.refs);
            CONTINUE WHEN home IS NULL;
            IF home <> comment.project_id
               AND NOT EXISTS (SELECT FROM patchmail.message m
                                WHERE m.project_id = home AND m.msgid = comment.msgid) THEN
                PERFORM _patchmail.transfer_comment(comment, home);
            END IF;
            IF comment.msgid <> ALL (queue) THEN
                queue := queue || comment.msgid;
            END IF;
        END LOOP;
        at := at + 1;
    END LOOP;
END
$$;
