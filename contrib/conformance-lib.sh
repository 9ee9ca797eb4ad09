# shellcheck shell=sh
# What contrib/conformance and tests/t/conformance.t share: streams of real mail, into a database each, and the
# comparison with what Patchwork made of them.  Sourced after contrib/lib.sh.
#
# The data is not part of the project, since the mail belongs to those who wrote it: it is looked for beside the
# project.
# shellcheck disable=SC2154 # top and scratch are the sourcing script's

data=$top/../shared/conformance

# A database with the projects of the data, from which each stream's is copied.
make_template() {
	createdb conformance
	psql -Xq -d conformance -f "$top/sql/install.sql" >/dev/null
	grep -v '^#' "$data/projects.tsv" | while IFS='	' read -r linkname listid listemail; do
		psql -Xq -o /dev/null -d conformance -v linkname="$linkname" -v listid="$listid" \
			-v listemail="$listemail" <<-'END'
			SELECT patchmail.add_project(:'linkname', :'linkname', :'listid', :'listemail');
		END
	done
}

# Imports MBOX (.mbox or .mbox.xz) into the database `stream`, anew.  PATCHMAILD is the program.  All mails may
# be ignored.
import_stream() { # MBOX IMPORT-ARGUMENT...
	stream=$1
	shift
	PGDATABASE=postgres
	dropdb --if-exists stream 2>/dev/null
	createdb -T conformance --strategy=file_copy stream
	export PGDATABASE=stream
	case $stream in
	*.xz) xz -dc "$stream" ;;
	*) cat "$stream" ;;
	esac >"$scratch/stream.mbox"
	"$PATCHMAILD" import "$@" "$scratch/stream.mbox" >"$scratch/import.log" 2>&1 || [ $? -eq 67 ]
}

# A series is known by its last member in tests/conformance.accept: if it has no patch, by its cover letter.
name_series() {
	jq -c 'if .kind == "series" and .patches == [] then .patches = [[0, .cover]] else . end'
}

# Compares the database `stream` with Patchwork's; compare.py's report goes to stdout, and it fails if something
# differs.
compare_stream() { # REFERENCE PROJECT-PATTERN EXAMPLES
	psql -XqAt -v project="$2" -f "$data/dump.sql" | name_series >"$scratch/ours.jsonl"
	case $1 in
	*.xz) xz -dc "$1" ;;
	*) cat "$1" ;;
	esac | name_series >"$scratch/reference.jsonl"
	python3 "$data/compare.py" "$scratch/reference.jsonl" "$scratch/ours.jsonl" --show "$3" \
		--accept "$top/tests/conformance.accept"
}

# Mail of the list that is stored here, or waits, and that Patchwork's database does not have.
count_lost() { # REFERENCE
	xz -dc "$1" | jq -r 'select(.msgid) | .project + " " + .msgid' | LC_ALL=C sort -u >"$scratch/reference.msgids"
	psql -XqAt -c "SELECT p.linkname || ' ' || m.msgid
	                 FROM patchmail.message m JOIN patchwork_project p ON p.id = m.project_id" |
		LC_ALL=C sort -u | LC_ALL=C comm -13 "$scratch/reference.msgids" - | wc -l
}

# What patchmail.check() finds in the database, a line a fault.
find_faults() {
	psql -XqAt -F ' ' -c 'SELECT project, kind, object, object_id, detail FROM patchmail.check()'
}
