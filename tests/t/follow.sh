# shellcheck shell=sh
# What the tests of `patchmaild follow` share; sourced after tests/t/lib.sh: archives, configurations, the service.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"

GIT_CONFIG_NOSYSTEM=1
GIT_CONFIG_GLOBAL=/dev/null
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL

# Archives (public-inbox-v2-format(5)) --------------------------------------------------------------------------------

make_epoch() { # REPOSITORY...
	for made_epoch; do
		git init -q --bare -b master "$made_epoch"
	done
}

# Makes a commit for each file, in their order: a mail that comes, or one that is deleted.
commit() { # REPOSITORY m|d FILE...
	commit_repository=$1 commit_name=$2
	shift 2
	commit_from=
	! git -C "$commit_repository" rev-parse -q --verify master >/dev/null || commit_from='from refs/heads/master^0'
	for commit_file; do
		printf '%s\n' 'commit refs/heads/master' 'committer A <a@example.org> 1770706787 +0000' 'data 0' \
			${commit_from:+"$commit_from"} deleteall "M 100644 inline $commit_name" \
			"data $(wc -c <"$commit_file")"
		cat "$commit_file"
		echo
		commit_from=
	done >"$scratch/commits"
	git -C "$commit_repository" fast-import --quiet <"$scratch/commits"
}

# The same with a patch for each of these Message-IDs.
commit_patches() { # REPOSITORY ID...
	patches_repository=$1
	shift
	patches_files=
	for patches_id; do
		patch_mail "$patches_id" "[PATCH] $patches_id" >"$scratch/mail.$patches_id"
		patches_files="$patches_files $scratch/mail.$patches_id"
	done
	# shellcheck disable=SC2086 # words
	commit "$patches_repository" m $patches_files
}

# Configurations ------------------------------------------------------------------------------------------------------

# $conf is one for the archive $archive at $inbox, with these lines; of two lines for one key the last one counts.
configure() { # ARCHIVE LINE...
	archive=$1
	shift
	conf=$scratch/$archive.conf
	inbox=$scratch/$archive
	printf '%s\n' '[database]' "conninfo=host=$PGHOST dbname=$PGDATABASE user=postgres" "[archive $archive]" \
		"path=$inbox" "$@" | last_of_each_key >"$conf"
}

# The program ---------------------------------------------------------------------------------------------------------

once() { # takes what is there; as run()
	run -c "$conf" follow --once "$archive"
}

# In the background; what it says goes to $scratch/service.log.
start_service() {
	"$PATCHMAILD" -c "$conf" follow "$archive" >"$scratch/service.log" 2>&1 &
	service=$!
	at_end="stop_service; $at_end"
}

# What it has taken ---------------------------------------------------------------------------------------------------

# How far it has read the archive: each mark is the newest commit of its repository.
has_read_all() {
	sql "SELECT place, split_part(mark, ' ', 1) FROM patchmail.archives WHERE archive = '$archive'
		ORDER BY place" >"$scratch/marks"
	while IFS='|' read -r mark_place mark_commit; do
		[ "$(git -C "$inbox/$mark_place" rev-parse master)" = "$mark_commit" ] || return 1
	done <"$scratch/marks"
}
