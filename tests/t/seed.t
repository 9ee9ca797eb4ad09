#!/bin/sh
# The patch that the project began with: delivered behind its cover letter it has to give Patchwork's own REST document,
# but for what another database numbers otherwise (ids and the URLs that hold them) and the submitter's name.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
seed=$top_srcdir/../shared/seed/patch-2194895

if [ ! -f "$seed.json" ]; then
	skip "the seed's REST document" "no $seed.json"
	done_testing
fi
start_database
fresh_database seed
of_seed() { # JQ-FILTER: from the document
	jq -r "$1" "$seed.json"
}
field() { # NAME: from the mail
	sed -n "s/^$1: //p" "$seed.eml"
}
sql "SELECT patchmail.add_project('$(of_seed .project.link_name)', '$(of_seed .project.name)',
	'$(of_seed .project.list_id)', '$(of_seed .project.list_email)')" >/dev/null

# The cover letter is not beside the seed: what the document says of the series is enough.
printf '%s\n' "From: $(field From)" "List-Id: <$(of_seed .project.list_id)>" \
	"Subject: [PATCH v6 00/11] $(of_seed '.series[0].name')" \
	"Date: $(date -u -R -d "$(of_seed '.series[0].date')Z")" \
	"Message-ID: $(field In-Reply-To)" '' 'The cover letter.' >"$scratch/cover"
deliver "$scratch/cover"
accepted 'its cover letter is delivered'
deliver "$seed.eml"
accepted 'the seed is delivered'

sql "SELECT patchmail.patch_json(id, 'http://patchwork.ozlabs.org') FROM patchwork_patch" >"$scratch/ours.json"
same='del(.id, .url, .comments, .checks, .project.id, .project.url, .submitter.id, .submitter.url, .submitter.name,
	.series[].id, .series[].url, .series[].web_url, .series[].mbox)'
is "$(jq -c "$same" "$scratch/ours.json")" "$(jq -c "$same" "$seed.json")" 'every value, in the same order of keys'
is "$(jq -c '[paths | map(strings)]' "$scratch/ours.json")" \
	"$(jq -c '[paths | map(strings)]' "$seed.json")" 'every key'
done_testing
