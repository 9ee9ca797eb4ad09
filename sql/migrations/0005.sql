-- Version 5: what a stranger may not do: take somebody's place, name or Message-ID, or stop a project.

-- A mailbox belongs to one deliverer.
ALTER TABLE patchmail.cursor ADD COLUMN deliverer name;
-- It is told whether the role may be one that can do more than deliver.
DROP FUNCTION IF EXISTS patchmail.add_deliverer(name);
