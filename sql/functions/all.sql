-- The functions, one a file, in an order in which each finds what it calls.  Run by install.sql every time.

\ir schema_version.sql

-- Instants as Patchwork writes them.
\ir make_clock.sql
\ir event_date.sql
\ir header_date.sql
\ir dated_mail.sql
\ir find_clock.sql
\ir find_time_zone.sql
\ir set_time_zone.sql

-- For admins.
\ir check_project.sql
\ir add_project.sql
\ir write_series_references.sql
\ir printable.sql
\ir expire.sql
\ir forget_messages.sql
\ir forget_people.sql
\ir tidy.sql
\ir set_policy.sql
\ir allowed.sql

-- The REST document of a patch.
\ir url_quote.sql
\ir patch_url.sql
\ir list_archive_url.sql
\ir json_date.sql
\ir header_fields.sql
\ir headers_json.sql
\ir name_prefixes.sql
\ir combined_check.sql
\ir project_json.sql
\ir series_json.sql
\ir related_json.sql
\ir patch_json.sql

-- How far an IMAP mailbox has been taken.
\ir wait_for_standby.sql
\ir may_follow.sql
\ir lease_end.sql
\ir lock_account.sql
\ir unlock_account.sql
\ir open_mailbox.sql
\ir lock_cursor.sql
\ir take_uid.sql
\ir defer_uid.sql
\ir forget_uid.sql
\ir settle_uid.sql

-- Mail that cannot be stored.
\ir quarantine_message.sql
\ir quarantine_append.sql
\ir quarantine_raw.sql
\ir overdue.sql

-- What one mail means: where it belongs, who wrote it, what it is called.
\ir message_references.sql
\ir find_answered.sql
\ir choose_project.sql
\ir find_projects.sql
\ir project_names.sql
\ir domains_related.sql
\ir find_author.sql
\ir create_person.sql
\ir wrote_later.sql
\ir find_person.sql
\ir message_name.sql
\ir read_message.sql
\ir shell_pattern.sql
\ir like_pattern.sql
\ir find_delegate.sql
\ir find_state.sql
\ir tag_count.sql
\ir count_tags.sql
\ir recount_tags.sql

-- The ledger: what is known already, which thread a mail is of.
\ir adopt_submissions.sql
\ir adopt_comments.sql
\ir adopt.sql
\ir join_threads.sql

-- Series: which there are, who belongs to which.
\ir find_anchor.sql
\ir join_series.sql
\ir derive_series.sql
\ir series_name.sql
\ir lead_of.sql
\ir series_lead.sql
\ir series_leads.sql
\ir thread_leads.sql
\ir create_series.sql
\ir change_series.sql
\ir series_completion.sql
\ir complete_series.sql
\ir retract_completion.sql
\ir settle_series.sql
\ir fill_series.sql
\ir vacate_series.sql
\ir derive_dependencies.sql
\ir write_dependencies.sql
\ir take_dependencies.sql
\ir keep_series.sql
\ir move_series.sql
\ir renew_leads.sql
\ir assemble.sql
\ir extend_series.sql
\ir resolve_dependencies.sql

-- Patchwork's rows: patches, cover letters, comments.
\ir place_submission.sql
\ir create_submission.sql
\ir find_parent.sql
\ir place_comment.sql
\ir create_comment.sql
\ir waiting_facts.sql
\ir restore_people.sql
\ir author_address.sql
\ir move_comments.sql
\ir answers_after.sql
\ir place_answers.sql
\ir place_waiting.sql
\ir lock_lists.sql

-- Revisions: which series replaces which.
\ir plain_title.sql
\ir series_messages.sql
\ir series_sender.sql
\ir series_sent.sql
\ir message_series.sql
\ir series_kin.sql
\ir find_former_series.sql
\ir match_patches.sql
\ir relate_patches.sql
\ir supersede_series.sql
\ir revise_series.sql

-- One mail, one call.
\ir add_alias.sql
\ir drop_alias.sql
\ir repeats_cover.sql
\ir turn_into_comments.sql
\ir turn_into_cover.sql
\ir settle_repeats.sql
\ir transfer_comment.sql
\ir gather_answers.sql
\ir facts_for_list.sql
\ir store_authentication.sql
\ir same_mail.sql
\ir stored_facts.sql
\ir rederive.sql
\ir unplace_comments.sql
\ir take_answers.sql
\ir delete_submission.sql
\ir withdraw_name.sql
\ir displace_message.sql
\ir know_better.sql
\ir claim_message_id.sql
\ir patch_missed.sql
\ir admit_message.sql
\ir read_reply.sql
\ir settle_answers.sql
\ir store_message.sql
\ir facts_fault.sql
\ir bad_patterns.sql
\ir key_sequence.sql
\ir site_fault.sql
\ir adopt_known.sql
\ir judge_error.sql
\ir note_ignored.sql
\ir take_mark.sql
\ir settle_retry.sql
\ir keep_outcome.sql
\ir next_marked.sql
\ir mark_quarantined.sql
\ir release.sql
\ir retry.sql
\ir discard.sql
\ir no_project.sql
\ir store.sql
\ir explain.sql

-- Who may deliver.
\ir deliverer_functions.sql
\ir excess_rights.sql
\ir add_deliverer.sql
\ir remove_deliverer.sql
