#!/bin/sh
# A patch of a series, delivered after its cover letter, has Patchwork's own REST document, but for what another
# database numbers otherwise: ids and the URLs that hold them.  Tried with patch 7 of 11 of the demo, whose document was
# worked out by hand; and, if it is beside the project, with the patch that the project began with and the document that
# Patchwork gave of it.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
seed=$top_srcdir/../shared/seed/patch-2194895

# Delivers the mail, and compares.  What the filter selects of the documents besides ids and URLs is not compared.
has_document() { # NAME MAIL DOCUMENT [JQ-FILTER]
	of_document() { # JQ-FILTER
		jq -r "$1" "$document"
	}
	of_mail() { # FIELD
		sed -n "s/^$1: //p" "$mail"
	}
	name=$1 mail=$2 document=$3
	fresh_database "$name"
	sql "SELECT patchmail.add_project('$(of_document .project.link_name)', '$(of_document .project.name)',
		'$(of_document .project.list_id)', '$(of_document .project.list_email)')" >/dev/null

	# Of the cover letter, what the document says of the series is enough.
	printf '%s\n' "From: $(of_mail From)" "List-Id: <$(of_document .project.list_id)>" \
		"Subject: [PATCH v6 00/11] $(of_document '.series[0].name')" \
		"Date: $(date -u -R -d "$(of_document '.series[0].date')Z")" \
		"Message-ID: $(of_mail In-Reply-To)" '' 'The cover letter.' >"$scratch/cover"
	deliver "$scratch/cover"
	accepted "$name: its cover letter is delivered"
	deliver "$mail"
	accepted "$name: it is delivered"

	sql "SELECT patchmail.patch_json(id, '$(of_document '.web_url | sub("/project/.*"; "")')')
		FROM patchwork_patch" >"$scratch/ours.json"
	same="del(.id, .url, .comments, .checks, .project.id, .project.url, .submitter.id, .submitter.url,
		.series[].id, .series[].url, .series[].web_url, .series[].mbox${4:+, $4})"
	is "$(jq -c "$same" "$scratch/ours.json")" "$(jq -c "$same" "$document")" \
		"$name: every value, in the same order of keys"
	is "$(jq -c '[paths | map(strings)]' "$scratch/ours.json")" \
		"$(jq -c '[paths | map(strings)]' "$document")" "$name: every key"
}

start_database
has_document demo "$top_srcdir/contrib/demo-mails/09-patch-7-of-11.mail" "$top_srcdir/tests/rest/patch-7-of-11.json"
if have_real 'the patch that the project began with' "$seed.json"; then
	# The submitter had another name before.
	has_document seed "$seed.eml" "$seed.json" .submitter.name
fi
done_testing
