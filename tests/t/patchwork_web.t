#!/bin/sh
# contrib/patchwork: Debian's Django with these settings, on a database that patchmaild made and feeds, takes the tables
# for its own, reads dates as the mail has them, and what it writes patchmaild sees.  In the place of Patchwork stands a
# package that has its names and none of its code.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
web=$top_srcdir/contrib/patchwork
python=/usr/bin/python3 # Debian's, which has its packages
"$python" -c 'import django, psycopg2, rest_framework' 2>/dev/null || {
	skip 'Patchwork'\''s web' "no Django with psycopg2 and the REST framework for $python"
	done_testing
}
start_database
fresh_database patchwork

# A package of that name --------------------------------------------------------------------------------------------

site=$scratch/site
mkdir -p "$site/patchwork/settings" "$site/patchwork/migrations" "$scratch/credentials" "$scratch/static"
: >"$site/patchwork/__init__.py"
: >"$site/patchwork/settings/__init__.py"
: >"$site/patchwork/migrations/__init__.py"
echo 'a secret of this test, long enough for Django: 0123456789' >"$scratch/credentials/secret_key"
cat >"$site/patchwork/settings/base.py" <<'END_OF_BASE'
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.messages", "django.contrib.sessions",
    "django.contrib.sites", "django.contrib.admin", "django.contrib.staticfiles", "rest_framework",
    "rest_framework.authtoken", "patchwork",
]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.contrib.auth.context_processors.auth", "django.template.context_processors.request",
        "django.contrib.messages.context_processors.messages"]},
}]
# What Patchwork has by default, and the settings replace.
TIME_ZONE = "Australia/Canberra"
USE_TZ = False
DEBUG = True
DATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}
ROOT_URLCONF = "patchwork.urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL = "/static/"
SITE_ID = 1
END_OF_BASE
for number in $(seq 48); do
	name=$(printf '%04d' "$number")
	before=$(printf '%04d' "$((number - 1))")
	[ "$number" -gt 1 ] && dependency="('patchwork', '$before')" || dependency=
	printf 'from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = [%s]\n' \
		"$dependency" >"$site/patchwork/migrations/$name.py"
done
cat >"$site/patchwork/models.py" <<'END_OF_MODELS'
from django.contrib.auth.models import User
from django.db import models


class Patch(models.Model):
    msgid = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    date = models.DateTimeField()
    archived = models.BooleanField()
    delegate = models.ForeignKey(User, null=True, on_delete=models.CASCADE)
    project_id = models.IntegerField()

    class Meta:
        managed = False
        db_table = "patchwork_patch"


class Event(models.Model):
    category = models.CharField(max_length=25)
    date = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.CASCADE)
    patch = models.ForeignKey(Patch, null=True, on_delete=models.CASCADE)
    project_id = models.IntegerField()

    class Meta:
        managed = False
        db_table = "patchwork_event"
END_OF_MODELS
cat >"$site/patchwork/urls.py" <<'END_OF_URLS'
from django.http import HttpResponse
from django.urls import path
from patchwork.models import Patch

urlpatterns = [path("", lambda request: HttpResponse(
    " ".join(p.name for p in Patch.objects.order_by("id")) + (" secure" if request.is_secure() else " plain") + "\n"))]
END_OF_URLS
cat >"$site/patchwork/wsgi.py" <<'END_OF_WSGI'
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
END_OF_WSGI

export DJANGO_SETTINGS_MODULE=site_settings PYTHONPATH="$site:$web" PYTHONDONTWRITEBYTECODE=1
export CREDENTIALS_DIRECTORY="$scratch/credentials" PATCHWORK_STATIC="$scratch/static"
manage() {
	"$python" -m django "$@"
}
in_django() { # STATEMENT...: what Python prints of it
	"$python" -c "import django; django.setup()
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from patchwork.models import *
import datetime
$1"
}

# The settings --------------------------------------------------------------------------------------------------------

is "$("$python" -c "from django.conf import settings as s
print(s.DEBUG, s.USE_TZ, s.TIME_ZONE, s.ALLOWED_HOSTS, s.DATABASES['default']['ENGINE'], len(s.SECRET_KEY))")" \
	"False False UTC ['patchwork.example.org'] django.db.backends.postgresql 57" 'the settings replace the defaults'
ok 'Django finds no error in them' manage check --deploy --fail-level ERROR
rm "$scratch/credentials/secret_key"
ok 'without the secret nothing starts' sh -c "! '$python' -m django check 2>/dev/null"
echo 'a secret of this test, long enough for Django: 0123456789' >"$scratch/credentials/secret_key"

# The tables that patchmaild made, as README says ---------------------------------------------------------------------

patch_mail web '[PATCH] shown' >"$scratch/mail"
deliver "$scratch/mail"
sed -n 's/^    manage \(migrate.*\)/\1/p' "$web/README" | sed '1d' >"$scratch/steps"
is "$(wc -l <"$scratch/steps")" 5 'README has the steps for tables that patchmaild made'
while read -r step; do
	# shellcheck disable=SC2086 # words
	ok "manage $step" manage $step
done <"$scratch/steps"
ok 'then nothing is left to migrate' manage migrate --check
is "$(sql "SELECT string_agg(t, ' ' ORDER BY t) FROM unnest('{django_session,django_site,django_admin_log,
	django_migrations}'::text[]) t WHERE to_regclass('public.' || t) IS NOT NULL")" \
	'django_admin_log django_migrations django_session django_site' 'what was missing is there'
is "$(sql 'SELECT count(*) FROM patchwork_patch')" 1 'and the mail still is'
ok 'install.sql takes the database as it is now' psql -Xq -v ON_ERROR_STOP=1 -f "$top_srcdir/sql/install.sql"

# Users, by Django and by patchmaild.
DJANGO_SUPERUSER_PASSWORD=pass1234word manage createsuperuser --noinput --username ada --email ada@example.org \
	>"$scratch/out" 2>&1 || :
is "$(in_django "print(authenticate(username='ada', password='pass1234word'))")" ada \
	'Django makes a user and logs her in'
sql "SELECT count(*) FROM patchmail.add_user('ben', 'ben@example.org')" >"$scratch/out"
is "$(in_django "print(User.objects.get(username='ben').email, authenticate(username='ben', password=''))")" \
	'ben@example.org None' 'a user of patchmaild is one for Django, without a password that fits'
sql "SELECT count(*) FROM patchmail.add_maintainer('demo', 'ben')" >"$scratch/out"
sql "SELECT count(*) FROM patchmail.patch_update(1, '{\"delegate\": \"ben\"}', 'ada')" >"$scratch/out"
is "$(in_django 'print(Patch.objects.get().delegate)')" ben 'what patchmaild changes Django shows'

# Dates, in each zone as the mail has them.
date_shown='print(Patch.objects.get().date.isoformat())'
is "$(in_django "$date_shown")" 2026-02-10T06:59:47 'the date of a mail is the one that it has, with UTC'
sql "SELECT patchmail.set_time_zone('Australia/Canberra', true)" >"$scratch/out" 2>&1
PATCHWORK_TIME_ZONE=Australia/Canberra
export PATCHWORK_TIME_ZONE
is "$(in_django "$date_shown")" 2026-02-10T06:59:47 'and with the default of Patchwork'
is "$(PATCHWORK_TIME_ZONE=UTC in_django "$date_shown")" 2026-02-09T19:59:47 \
	'with one zone here and another one there it would not be'
in_django "Patch.objects.update(date=datetime.datetime(2026, 7, 1, 12, 0))"
is "$(sql "SELECT _patchmail.from_patchwork(date) AT TIME ZONE 'UTC' FROM patchwork_patch")" '2026-07-01 12:00:00' \
	'a date that Django writes patchmaild reads as it was meant'
sql "SELECT patchmail.set_time_zone('UTC')" >"$scratch/out" 2>&1
unset PATCHWORK_TIME_ZONE

# Events that Django writes.
cursor=$(sql 'SELECT patchmail.events_cursor()')
in_django "p = Patch.objects.get(); Event.objects.create(category='patch-state-changed',
	date=datetime.datetime.utcnow(), patch=p, project_id=p.project_id, actor=User.objects.get(username='ada'))"
is "$(sql "SELECT count(*) FROM patchmail.events_after('$cursor'::bigint)")" 1 \
	'an event of Django is one for patchmaild'
is "$(sql "SELECT string_agg(DISTINCT subject, ' ') FROM patchmail.doctor() WHERE level = 'failure'")" '' \
	'patchmail.doctor() finds nothing to mend'

# The service ---------------------------------------------------------------------------------------------------------

unit=$web/patchwork-web.service
if command -v gunicorn >/dev/null && command -v curl >/dev/null; then
	# Its command line, with the socket here.
	sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' "$unit" | sed -n 's/^ExecStart=//p' |
		sed "s|unix:/run/patchwork/web.sock|unix:$scratch/web.sock|; s|--workers 4|--workers 1|" \
			>"$scratch/start"
	like "$(cat "$scratch/start")" '^/usr/bin/gunicorn --bind unix:.* patchwork.wsgi$' 'the unit starts gunicorn'
	# shellcheck disable=SC2046,SC2091 # words
	$(cat "$scratch/start") >"$scratch/gunicorn.log" 2>&1 &
	gunicorn=$!
	at_end="kill $gunicorn 2>/dev/null || :; $at_end"
	ask() { # HOST [OPTION...]
		ask_host=$1
		shift
		curl -s -o "$scratch/page" -w '%{http_code}' --max-time 20 --unix-socket "$scratch/web.sock" "$@" \
			"http://$ask_host/"
	}
	serves() {
		[ "$(ask patchwork.example.org)" = 200 ]
	}
	ok 'it serves the site' wait_until serves
	is "$(cat "$scratch/page")" 'shown plain' 'with what patchmaild stored'
	is "$(ask patchwork.example.org -H 'X-Forwarded-Proto: https') $(cat "$scratch/page")" '200 shown secure' \
		'the web server in front says that it was HTTPS'
	is "$(ask other.example.org)" 400 'another host is refused'
	kill "$gunicorn"
	wait "$gunicorn" 2>/dev/null || :
else
	skip 'the service' 'no gunicorn, or no curl'
fi
if command -v systemd-analyze >/dev/null &&
	exposure=$(systemd-analyze security --offline=yes --no-pager "$unit" 2>/dev/null); then
	exposed=$(printf '%s\n' "$exposure" | sed -n 's/.*Overall exposure level[^:]*: \([0-9.]*\).*/\1/p')
	ok "the unit is exposed to little: $exposed" \
		awk -v level="$exposed" 'BEGIN { exit !(level > 0 && level <= 1.5) }'
else
	skip 'the unit is exposed to little' 'systemd-analyze cannot say'
fi

done_testing
