-- patchmail.write_dependencies(message): see patchmail.resolve_dependencies.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION patchmail.write_dependencies(message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_series_dependencies (from_series_id, to_series_id)
    SELECT DISTINCT dependent.series_id, target.id
      FROM patchmail.dependency d
      JOIN patchmail.message dependent ON dependent.id = d.message_id
      JOIN public.patchwork_series target ON target.project_id = d.project_id AND target.id = coalesce(
               d.series_id,
               (SELECT p.series_id FROM public.patchwork_patch p WHERE p.id = d.patch_id),
               (SELECT p.series_id FROM public.patchwork_patch p
                 WHERE p.msgid = d.msgid AND p.project_id = d.project_id),
               (SELECT s.id FROM public.patchwork_cover c JOIN public.patchwork_series s ON s.cover_letter_id = c.id
                 WHERE c.msgid = d.msgid AND c.project_id = d.project_id))
     WHERE (d.message_id = message.id OR d.project_id = message.project_id AND d.msgid = message.msgid)
       AND dependent.series_id IS NOT NULL AND dependent.series_id <> target.id
    ON CONFLICT DO NOTHING;
END
$$;
