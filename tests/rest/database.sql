-- Patches in all the ways in which their REST documents (documents.json) differ, for tables that have states and tags.

INSERT INTO public.auth_user
    (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined) VALUES
    (1, '', false, 'mona', 'Mona', 'Pilot', 'mona@example.com', false, true, '2026-01-01 00:00+00'),
    (2, '', false, 'ci', '', '', 'ci@example.com', false, true, '2026-01-01 00:00+00');

INSERT INTO public.patchwork_project
    (id, linkname, name, listid, listemail, web_url, scm_url, webscm_url, list_archive_url,
     list_archive_url_format, commit_url_format, subject_match, send_notifications, use_tags, show_dependencies) VALUES
    (1, 'boats', 'Boats', 'boats.lists.example.org', 'boats@lists.example.org', 'https://boats.example.org/',
     'https://git.example.org/boats.git', 'https://git.example.org/boats', 'https://lists.example.org/boats/',
     'https://lists.example.org/boats/{}/', 'https://git.example.org/boats/commit/{}', '', false, true, true),
    (2, 'sails+masts', 'Sails and masts', 'sails.lists.example.net', 'sails@lists.example.net', '', '', '', '',
     '', '', '', false, true, true);

INSERT INTO public.patchwork_person
    (id, email, name) VALUES
    (1, 'iris@example.com', 'Iris Fjord'),
    (2, 'jörg@example.net', 'Jörg "Jo" Holm'),
    (3, 'list@example.org', NULL);

INSERT INTO public.patchwork_patchrelation
    (id) VALUES
    (1),
    (2);

INSERT INTO public.patchwork_series
    (id, name, date, version, total, project_id, submitter_id) VALUES
    (1, 'keel: hold it', '2026-04-01 08:00:00+00', 2, 2, 1, 1),
    (2, NULL, '2026-04-02 20:15:30+00', 1, 1, 2, 2);

INSERT INTO public.patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, commit_ref, delegate_id,
     diff, hash, number, pull_url, related_id, series_id, state_id) VALUES
    (1, '<20260401.1-1@example.com>', '2026-04-01 08:00:01+00',
     E'Received: from mail.example.com (mail.example.com [192.0.2.7])\n'
     '\tby lists.example.org with ESMTPS id 4711;\n'
     '\tWed, 01 Apr 2026 08:00:02 +0000\n'
     'Received: by mail.example.com; Wed,  1 Apr 2026 08:00:01 +0000\n'
     'From: Iris Fjord <iris@example.com>\n'
     'To: boats@lists.example.org\n'
     'Subject: [PATCH v2 1/2] keel: a longer bolt\n'
     'Date: Wed, 01 Apr 2026 10:00:01 +0200\n'
     'Message-ID: <20260401.1-1@example.com>\n'
     'List-Id: Boats <boats.lists.example.org>',
     E'The old one breaks.\n'
     '\n'
     'Signed-off-by: Iris Fjord <iris@example.com>',
     '[v2,1/2] keel: a longer bolt', 1, 1, true, '00000000000000000000000000000000deadbeef', 1,
     E'--- a/bolt.txt\n'
     '+++ b/bolt.txt\n'
     '@@ -1 +1 @@\n'
     '-70 mm\n'
     '+90 mm\n',
     '0123456789abcdef0123456789abcdef01234567', 1, NULL, 1, 1, 3);

INSERT INTO public.patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, commit_ref, delegate_id,
     diff, hash, number, pull_url, related_id, series_id, state_id) VALUES
    (2, '<20260401.1-2@example.com>', '2026-04-01 08:00:02+00',
     E'from: Iris Fjord <iris@example.com>\n'
     'FROM: Somebody <else@example.com>\n'
     'Subject: =?utf-8?q?=5BPATCH_v2_2/2=5D_keel=3A_gr=C3=B6=C3=9Fere_Mutter?=\n'
     'X-Empty:\n'
     'X-Colons:: a: b\n'
     'References: <20260401.1-0@example.com>\n'
     ' <20260401.1-1@example.com>\n'
     'Date: Wed, 01 Apr 2026 10:00:02 +0200\n'
     'Message-ID: <20260401.1-2@example.com>',
     E'Größer.\tUnd "fest".', '[v2,2/2] keel: größere Mutter', 1, 1, false, NULL, NULL,
     E'--- a/Mutter\n'
     '+++ b/Mutter\n'
     '@@ -1 +1,2 @@\n'
     '-M8\n'
     '+M10\n'
     '+\\\\\n',
     'fedcba9876543210fedcba9876543210fedcba98', 2, NULL, 1, 1, 2);

INSERT INTO public.patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, commit_ref, delegate_id,
     diff, hash, number, pull_url, related_id, series_id, state_id) VALUES
    (3, '<a/b+c%d é@example.net>', '2026-04-02 20:15:30+00',
     E'Subject: [RFC, PATCH] one [for] the mast\n'
     'Message-ID: <a/b+c%d é@example.net>\n',
     '', '[RFC] one [for] the mast', 2, 2, false, NULL, 1, '', NULL, 1, NULL, 2, 2, 1);

INSERT INTO public.patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, commit_ref, delegate_id,
     diff, hash, number, pull_url, related_id, series_id, state_id) VALUES
    (4, '<pull-5@example.com>', '2026-04-05 00:00:00+00',
     E'Subject: [GIT PULL] boats\n'
     'Message-ID: <pull-5@example.com>',
     'Please pull.', '[GIT,PULL] boats', 1, 3, false, '', NULL, NULL, NULL, NULL,
     'https://git.example.org/boats.git tags/spring', NULL, NULL, 1);

INSERT INTO public.patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, commit_ref, delegate_id,
     diff, hash, number, pull_url, related_id, series_id, state_id) VALUES
    (5, '<20260331@example.com>', '2026-03-31 23:59:59+00', '', NULL, 'keel: a bolt', 1, 1, true, NULL, NULL,
     NULL, NULL, NULL, NULL, 1, NULL, 9);

INSERT INTO public.patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, commit_ref, delegate_id,
     diff, hash, number, pull_url, related_id, series_id, state_id) VALUES
    (6, '<mast-2@example.net>', '2026-04-06 12:30:00+00', 'Message-ID: <mast-2@example.net>', 'See above.',
     '[v2] one [for] the mast', 2, 2, false, NULL, NULL, NULL, NULL, NULL, NULL, 2, NULL, NULL);

INSERT INTO public.patchwork_check
    (id, date, state, context, user_id, patch_id) VALUES
    (1, '2026-04-03 10:00+00', 1, 'build', 2, 1),
    (2, '2026-04-03 10:05+00', 2, 'style', 2, 1),
    (3, '2026-04-03 11:00+00', 3, 'build', 2, 2),
    (4, '2026-04-04 11:00+00', 1, 'build', 2, 2),
    (5, '2026-04-03 10:00+00', 3, 'build', 2, 3),
    (6, '2026-04-03 10:00+00', 1, 'build', 1, 3),
    (7, '2026-04-03 10:00+00', 1, 'build', 2, 4),
    (8, '2026-04-03 10:00+00', 0, 'boot', 2, 4);

INSERT INTO public.patchwork_patchtag
    (count, tag_id, patch_id) VALUES
    (1, 2, 1);

-- A cover letter, what was said, and what happened.
INSERT INTO public.patchwork_cover
    (id, msgid, date, headers, content, name, project_id, submitter_id) VALUES
    (1, '<20260401.1-0@example.com>', '2026-04-01 08:00:00+00',
     E'From: Iris Fjord <iris@example.com>\n'
     'Subject: [PATCH v2 0/2] keel: hold it\n'
     'Date: Wed, 01 Apr 2026 10:00:00 +0200\n'
     'Message-ID: <20260401.1-0@example.com>',
     'Two bolts.', '[v2,0/2] keel: hold it', 1, 1),
    (2, '<mast/0@example.net>', '2026-04-02 20:00:00+00', '', NULL, 'the mast', 2, 2);
UPDATE public.patchwork_series SET cover_letter_id = 1 WHERE id = 1;

INSERT INTO public.patchwork_series_dependencies
    (id, from_series_id, to_series_id) VALUES
    (1, 2, 1);

INSERT INTO public.patchwork_patchcomment
    (id, msgid, date, headers, content, patch_id, submitter_id, addressed) VALUES
    (1, '<re-1@example.net>', '2026-04-01 09:00:00+00',
     E'From: =?utf-8?q?J=C3=B6rg_Holm?= <joerg@example.net>\n'
     'subject: Re: [PATCH v2 1/2]\n'
     ' keel: a longer bolt\n'
     'Message-ID: <re-1@example.net>',
     E'Good.\n\nReviewed-by: Jörg Holm <jörg@example.net>', 1, 2, NULL),
    (2, '<re-2@example.org>', '2026-04-01 08:30:00+00', '', NULL, 1, 3, false);

INSERT INTO public.patchwork_covercomment
    (id, msgid, date, headers, content, cover_id, submitter_id, addressed) VALUES
    (1, '<re/3@example.net>', '2026-04-01 10:00:00+00', 'Subject: Re: [PATCH v2 0/2] keel: hold it', 'Both are good.',
     1, 2, true);

UPDATE public.patchwork_check SET target_url = 'https://ci.example.org/2', description = 'two lines' WHERE id = 2;

INSERT INTO public.patchwork_userprofile
    (id, send_email, items_per_page, show_ids, user_id) VALUES
    (7, false, 100, false, 1);
INSERT INTO public.patchwork_userprofile_maintainer_projects
    (id, userprofile_id, project_id) VALUES
    (1, 7, 1);
UPDATE public.patchwork_person SET user_id = 1 WHERE id = 1;

INSERT INTO public.patchwork_bundle
    (id, name, public, owner_id, project_id) VALUES
    (1, 'for spring', true, 1, 1),
    (2, 'mine', false, 1, 1);
INSERT INTO public.patchwork_bundlepatch
    (id, "order", bundle_id, patch_id) VALUES
    (1, 1, 1, 4),
    (2, 2, 1, 1);

INSERT INTO public.patchwork_event
    (id, category, date, project_id, actor_id, patch_id, series_id, cover_id, previous_state_id, current_state_id,
     previous_delegate_id, current_delegate_id, created_check_id, patch_comment_id, cover_comment_id) VALUES
    (1, 'cover-created', '2026-04-01 08:01:00+00', 1, NULL, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (2, 'patch-created', '2026-04-01 08:02:00.000001+00', 1, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL),
    (3, 'series-created', '2026-04-01 08:03:00.5+00', 1, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 'patch-completed', '2026-04-01 08:04:00+00', 1, NULL, 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, 'series-completed', '2026-04-01 08:05:00+00', 1, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, 'patch-comment-created', '2026-04-01 09:00:01+00', 1, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1,
     NULL),
    (7, 'cover-comment-created', '2026-04-01 10:00:01+00', 1, NULL, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL,
     1),
    (8, 'patch-delegated', '2026-04-02 08:00:00+00', 1, 1, 1, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
    (9, 'patch-state-changed', '2026-04-02 08:00:01+00', 1, 1, 1, NULL, NULL, 1, 3, NULL, NULL, NULL, NULL, NULL),
    (10, 'check-created', '2026-04-03 10:05:00+00', 1, 2, 1, NULL, NULL, NULL, NULL, NULL, NULL, 2, NULL, NULL),
    (11, 'patch-relation-changed', '2026-04-04 00:00:00+00', 2, NULL, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL);
