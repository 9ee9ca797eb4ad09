-- What the examples of patchmail(7) need beside the mails of contrib/demo: two users, one of whom maintains the
-- project, and two mails in quarantine.
INSERT INTO public.auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES ('!', false, 'ada', 'Ada', 'Ruiz', 'ada@example.org', false, true, '2026-01-01 00:00Z'),
       ('!', false, 'ci', '', '', 'ci@example.org', false, true, '2026-01-01 00:00Z');
INSERT INTO public.patchwork_userprofile (send_email, items_per_page, show_ids, user_id)
SELECT false, 100, false, u.id FROM public.auth_user u;
INSERT INTO public.patchwork_userprofile_maintainer_projects (userprofile_id, project_id)
SELECT f.id, p.id
  FROM public.patchwork_userprofile f JOIN public.auth_user u ON u.id = f.user_id, public.patchwork_project p
 WHERE u.username = 'ada';
UPDATE public.patchwork_person a SET user_id = u.id FROM public.auth_user u WHERE a.email = u.email;
SELECT patchmail.store(
    jsonb_build_object('facts', 1, 'size', length(m.text), 'sha256', encode(sha256(m.text::bytea), 'hex'),
                       'problems', '[]'::jsonb, 'rejected', m.reason, 'message_id', m.msgid, 'subject', m.subject,
                       'author', jsonb_build_object('name', NULL, 'email', m.email)),
    m.text::bytea, '{"transport": "deliver"}')
  FROM (SELECT x.*, format(E'From: %s\nMessage-ID: %s\nSubject: %s\n\nIt cannot be read.\n', x.email, x.msgid,
                           x.subject) AS text
          FROM (VALUES ('<deep@example.net>', 'eve@example.net', 'A matryoshka', 'nested too deep'),
                       ('<large@example.org>', 'ada@example.org', 'All of it', 'header too long'))
               x (msgid, email, subject, reason)) m;
-- Mail of a list that no project has, and one that was not stored in time.
INSERT INTO patchmail.ignored_mail (day, list_id, reason, slot, mails, last_msgid)
VALUES ((now() AT TIME ZONE 'UTC')::date, 'tools.example.org', 'no project has its list id', 1, 12,
        '<20260302.12@example.org>');
INSERT INTO patchmail.overdue (sha256, msgid, projects, seconds, newest)
VALUES (repeat('0', 64), '<20260302.13@example.org>', 'demo', 20, 0);
-- The bytes of a mail of the demo, and of one that came long ago.
INSERT INTO patchmail.raw (sha256, msgid, arrived, size, source, raw)
SELECT sha256(x.raw), x.msgid, x.arrived, length(x.raw), '{"transport": "deliver"}', x.raw
  FROM (SELECT m.msgid, m.arrived, format(E'From: ada@example.org\nMessage-ID: %s\n\nX\n', m.msgid)::bytea
          FROM patchmail.message m WHERE m.msgid = '<20260302090000.4101-1-ada@example.org>'
        UNION ALL
        SELECT '<old@example.org>', '2024-05-05 12:00Z', 'bytes') x (msgid, arrived, raw);
-- An archive of two epochs, as far as it was read.
SELECT patchmail.move_mark(jsonb_build_object('archive_name', 'lore', 'place', m.place, 'mark', m.mark))
  FROM (VALUES ('git/0.git', '8bf1c4f7'), ('git/1.git', '03d2a0be')) m (place, mark);
