-- What the examples of patchmail(7) need beside the mails of contrib/demo: two users, one of whom maintains the project,
-- and a mail in quarantine.
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
