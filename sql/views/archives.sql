-- patchmail.archives: how far each archive has been read, place by place, and who follows it.
-- An archive of which nothing has been read yet has a row without a place.
CREATE OR REPLACE VIEW patchmail.archives AS
    SELECT a.archive, m.place, m.moved, m.mark, a.deliverer, a.holder, a.held_until
      FROM patchmail.archive a LEFT JOIN patchmail.archive_mark m ON m.archive = a.archive;
COMMENT ON VIEW patchmail.archives IS 'How far each archive has been read, place by place, and who follows it.';
