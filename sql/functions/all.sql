-- The functions, one a file, in an order in which each finds what it calls.  Run by install.sql every time.

\ir admin/schema_version.sql

-- Instants as Patchwork writes them.
\ir time/make_clock.sql
\ir time/event_date.sql
\ir time/header_date.sql
\ir time/dated_mail.sql
\ir time/find_clock.sql
\ir time/find_time_zone.sql
\ir time/set_time_zone.sql

-- For admins.
\ir admin/note_change.sql
\ir admin/check_project.sql
\ir admin/add_project.sql
\ir admin/write_series_references.sql
\ir admin/printable.sql
\ir admin/expire.sql
\ir admin/forget_messages.sql
\ir admin/forget_people.sql
\ir admin/tidy.sql
\ir admin/set_policy.sql
\ir admin/allowed.sql

-- The REST document of a patch.
\ir rest/url_quote.sql
\ir rest/patch_url.sql
\ir rest/list_archive_url.sql
\ir rest/json_date.sql
\ir rest/header_fields.sql
\ir rest/headers_json.sql
\ir rest/name_prefixes.sql
\ir rest/combined_check.sql
\ir rest/project_json.sql
\ir rest/series_json.sql
\ir rest/related_json.sql
\ir rest/patch_json.sql

-- How far an IMAP mailbox has been taken.
\ir mailbox/wait_for_standby.sql
\ir mailbox/may_follow.sql
\ir mailbox/lease_end.sql
\ir mailbox/lock_account.sql
\ir mailbox/unlock_account.sql
\ir mailbox/open_mailbox.sql
\ir mailbox/lock_cursor.sql
\ir mailbox/take_uid.sql
\ir mailbox/defer_uid.sql
\ir mailbox/forget_uid.sql
\ir mailbox/settle_uid.sql

-- Mail that cannot be stored.
\ir quarantine/quarantine_message.sql
\ir quarantine/quarantine_append.sql
\ir quarantine/quarantine_raw.sql
\ir quarantine/overdue.sql

-- What one mail means: where it belongs, who wrote it, what it is called.
\ir mail/message_references.sql
\ir mail/find_answered.sql
\ir mail/choose_project.sql
\ir mail/moved_to.sql
\ir mail/follow_moves.sql
\ir mail/sibling_projects.sql
\ir mail/note_moved.sql
\ir mail/meets_removed.sql
\ir mail/find_projects.sql
\ir mail/project_names.sql
\ir mail/domains_related.sql
\ir mail/find_author.sql
\ir mail/led_to.sql
\ir mail/create_person.sql
\ir mail/wrote_later.sql
\ir mail/mailed_name.sql
\ir mail/find_person.sql
\ir mail/message_name.sql
\ir mail/read_message.sql
\ir mail/shell_pattern.sql
\ir mail/like_pattern.sql
\ir mail/find_delegate.sql
\ir mail/find_state.sql
\ir mail/tag_count.sql
\ir mail/count_tags.sql
\ir mail/recount_tags.sql

-- The ledger: what is known already, which thread a mail is of.
\ir ledger/adopt_submissions.sql
\ir ledger/adopt_comments.sql
\ir ledger/adopt.sql
\ir ledger/join_threads.sql

-- Series: which there are, who belongs to which.
\ir series/find_anchor.sql
\ir series/join_series.sql
\ir series/derive_series.sql
\ir series/series_name.sql
\ir series/lead_of.sql
\ir series/series_lead.sql
\ir series/series_leads.sql
\ir series/thread_leads.sql
\ir series/create_series.sql
\ir series/change_series.sql
\ir series/series_completion.sql
\ir series/complete_series.sql
\ir series/retract_completion.sql
\ir series/settle_series.sql
\ir series/fill_series.sql
\ir series/vacate_series.sql
\ir series/derive_dependencies.sql
\ir series/write_dependencies.sql
\ir series/take_dependencies.sql
\ir series/keep_series.sql
\ir series/move_series.sql
\ir series/renew_leads.sql
\ir series/place_newcomers.sql
\ir series/assemble.sql
\ir series/extend_series.sql
\ir series/resolve_dependencies.sql

-- Patchwork's rows: patches, cover letters, comments.
\ir rows/place_submission.sql
\ir rows/create_submission.sql
\ir rows/find_parent.sql
\ir rows/place_comment.sql
\ir rows/create_comment.sql
\ir rows/waiting_facts.sql
\ir rows/restore_people.sql
\ir rows/author_address.sql
\ir rows/move_comments.sql
\ir rows/answers_after.sql
\ir rows/place_answers.sql
\ir rows/place_waiting.sql
\ir rows/lock_lists.sql

-- Revisions: which series replaces which.
\ir revision/plain_title.sql
\ir revision/series_messages.sql
\ir revision/series_sender.sql
\ir revision/series_sent.sql
\ir revision/message_series.sql
\ir revision/series_kin.sql
\ir revision/find_former_series.sql
\ir revision/match_patches.sql
\ir revision/relate_patches.sql
\ir revision/supersede_series.sql
\ir revision/revise_series.sql

-- One mail, one call.
\ir store/add_alias.sql
\ir store/drop_alias.sql
\ir store/repeats_cover.sql
\ir store/turn_into_comments.sql
\ir store/turn_into_cover.sql
\ir store/settle_repeats.sql
\ir store/transfer_comment.sql
\ir store/gather_answers.sql
\ir store/facts_for_list.sql
\ir store/store_authentication.sql
\ir store/same_mail.sql
\ir store/stored_facts.sql
\ir store/rederive.sql
\ir store/unplace_comments.sql
\ir store/take_answers.sql
\ir store/delete_submission.sql
\ir store/withdraw_name.sql
\ir store/displace_message.sql
\ir store/know_better.sql
\ir store/claim_message_id.sql
\ir store/patch_missed.sql
\ir store/usual_reason.sql
\ir store/pass_removed.sql
\ir store/admit_message.sql
\ir store/read_reply.sql
\ir store/settle_answers.sql
\ir store/store_message.sql
\ir store/facts_fault.sql
\ir store/bad_patterns.sql
\ir store/key_sequence.sql
\ir store/site_fault.sql
\ir store/adopt_known.sql
\ir store/fault_of_error.sql
\ir store/note_ignored.sql
\ir quarantine/take_mark.sql
\ir quarantine/settle_retry.sql
\ir quarantine/keep_outcome.sql
\ir quarantine/next_marked.sql
\ir quarantine/mark_quarantined.sql
\ir quarantine/release.sql
\ir quarantine/retry.sql
\ir quarantine/discard.sql
\ir store/no_project.sql
\ir store/store.sql
\ir store/explain.sql

-- Repair by hand.
\ir repair/acting_user.sql
\ir repair/project_id.sql
\ir repair/lock_projects.sql
\ir repair/known_ids.sql
\ir repair/rows_state.sql
\ir repair/thread_state.sql
\ir repair/note_differences.sql
\ir repair/whole_threads.sql
\ir repair/adopt_series.sql
\ir repair/tie_threads.sql
\ir repair/known_message.sql
\ir repair/comment_places.sql
\ir repair/note_places.sql
\ir repair/pin_series.sql
\ir repair/check_numbers.sql
\ir repair/put_into_series.sql
\ir repair/check_members.sql
\ir repair/split_series.sql
\ir repair/check_merger.sql
\ir repair/merge_series.sql
\ir repair/move_patches.sql
\ir repair/check_reply.sql
\ir repair/reparent_comment.sql
\ir repair/bereft_replies.sql
\ir repair/check_pattern.sql
\ir repair/check_project_of.sql
\ir repair/check_target.sql
\ir repair/drop_bereft.sql
\ir repair/drop_mail.sql
\ir repair/erase_from.sql
\ir repair/erased.sql
\ir repair/erasure_patterns.sql
\ir repair/forget_everywhere.sql
\ir repair/forget_from.sql
\ir repair/forget_moves.sql
\ir repair/free_threads.sql
\ir repair/give_mail.sql
\ir repair/known_person.sql
\ir repair/leads_by_ledger.sql
\ir repair/leave_bundles.sql
\ir repair/limit_dependencies.sql
\ir repair/lock_people.sql
\ir repair/mail_in_common.sql
\ir repair/mark_edited.sql
\ir repair/matching_mail.sql
\ir repair/move_ledger.sql
\ir repair/move_threads.sql
\ir repair/moved_mail.sql
\ir repair/moving_threads.sql
\ir repair/names_of.sql
\ir repair/own_series.sql
\ir repair/people_state.sql
\ir repair/project_of.sql
\ir repair/put_back.sql
\ir repair/reassemble_thread.sql
\ir repair/remove_from_thread.sql
\ir repair/remove_mail.sql
\ir repair/remove_people.sql
\ir repair/stale_patches.sql
\ir repair/state_ids.sql
\ir repair/thread_list.sql
\ir repair/thread_series.sql
\ir repair/archive_stale.sql
\ir repair/delete_spam.sql
\ir repair/diffs_after.sql
\ir repair/forget.sql
\ir repair/gaps.sql
\ir repair/merge_person.sql
\ir repair/move_by_rule.sql
\ir repair/move_to_project.sql
\ir repair/reassemble.sql
\ir repair/rename_person.sql
\ir repair/retag.sql
\ir repair/set_hashes.sql
\ir repair/supersede.sql

-- Many mails, one call.
\ir batch/plain_mail.sql
\ir batch/read_batch.sql
\ir batch/find_people.sql
\ir batch/link_batch.sql
\ir batch/create_submissions.sql
\ir batch/create_comments.sql
\ir batch/store_batch.sql
\ir batch/store_plain.sql
\ir batch/store_many.sql

-- Who may do what.
\ir roles/deliverer_functions.sql
\ir roles/excess_rights.sql
\ir roles/add_deliverer.sql
\ir roles/remove_deliverer.sql
\ir roles/role_functions.sql
\ir roles/grant_roles.sql

-- How they compress.
\ir compression.sql
