#!/bin/sh
# contrib/patchwork/shots: which pages it takes pictures of, by what a REST API says, and what it says of those that are
# not there.  With a server and a Chromium of our own, and with the real Chromium if there is one.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
shots=$top_srcdir/contrib/patchwork/shots
need_python 'pictures'
for program in curl jq; do
	need_program "$program" 'pictures'
done

# A site with one series of two patches; PROJECT "empty" has none.
cat >"$scratch/site.py" <<'END_OF_SITE'
import http.server, json, sys, urllib.parse

class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        base = "http://127.0.0.1:%d" % self.server.server_port
        path, _, query = self.path.partition("?")
        query = urllib.parse.parse_qs(query)
        pages = {"/", "/project/demo/list/", "/project/empty/list/", "/api/", "/cover/1/", "/patch/1/"}
        if path == "/api/series/":
            series = {"web_url": base + "/project/demo/list/?series=1",
                      "cover_letter": {"web_url": base + "/cover/1/"},
                      "patches": [{"web_url": base + "/patch/1/"}, {"web_url": base + "/patch/2/"}]}
            self.answer(200, json.dumps([series] if query["project"] == ["demo"] else []))
        elif path in pages:
            self.answer(200, "<h1>%s</h1>" % path)
        else:
            self.answer(404, "")

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
print(server.server_port, flush=True)
server.serve_forever()
END_OF_SITE
"$python" "$scratch/site.py" >"$scratch/port" 2>"$scratch/site.log" &
site_pid=$!
at_end="kill $site_pid 2>/dev/null || :; $at_end"
wait_until test -s "$scratch/port" || fail "$(cat "$scratch/site.log")"
site=http://127.0.0.1:$(cat "$scratch/port")

# Writes what it is asked for into the picture.
cat >"$scratch/chromium" <<'END_OF_CHROMIUM'
#!/bin/sh
for word; do
	case $word in --screenshot=*) picture=${word#*=} ;; esac
done
printf 'a picture of %s\n' "$word" >"$picture"
END_OF_CHROMIUM
chmod 755 "$scratch/chromium"
CHROMIUM=$scratch/chromium
export CHROMIUM

take() { # ARGUMENT...
	code=0
	"$shots" "$@" >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
}
take "$site/" demo "$scratch/pictures"
is "$code $(cat "$scratch/stderr")" '0 ' 'pictures of a site'
is "$(cut -d ' ' -f 1 "$scratch/stdout" | tr '\n' ' ')" \
	'projects.png patches.png api.png series.png cover.png patch.png ' 'of each kind of page'
is "$(cat "$scratch/pictures/series.png")" "a picture of $site/project/demo/list/?series=1" \
	'of the page that the API names'
take "$site" empty "$scratch/empty"
is "$code $(find "$scratch/empty" -name "*.png" -printf "%f\n" | sort | tr '\n' ' ')" \
	'0 api.png patches.png projects.png ' 'a project without a series'
take "$site" missing "$scratch/missing"
is "$code $(cat "$scratch/stderr")" "1 $site/project/missing/list/: 404" 'a page that is not there is named'
CHROMIUM=/bin/true take "$site" demo "$scratch/none"
is "$code $(tail -n 1 "$scratch/stderr")" "1 $site/patch/1/: no picture was made" 'and one of which there is no picture'
take "$site"
is "$code" 2 'too few arguments'

# The real one.
unset CHROMIUM
if command -v chromium >/dev/null; then
	take "$site" demo "$scratch/real"
	is "$code $(head -c 4 "$scratch/real/patch.png" | tail -c 3)" '0 PNG' 'Chromium makes pictures'
else
	skip 'Chromium makes pictures' 'there is no chromium'
fi

done_testing
