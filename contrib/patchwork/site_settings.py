"""Settings of Patchwork's web pages and REST API on a database that patchmaild feeds.

README beside it says where it goes.  Patchwork's own defaults come first, and what stands here replaces them.  Where
the database is libpq's variables say, as they do for patchmaild without a configuration.
"""

import os

from patchwork.settings.base import *  # noqa: F401,F403


def credential(name):
    """What systemd hands over (LoadCredential=), without the end of its line."""
    with open(os.path.join(os.environ["CREDENTIALS_DIRECTORY"], name), encoding="utf-8") as file:
        return file.read().strip()


# The database --------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("PGHOST", "/run/postgresql"),
        "NAME": os.environ.get("PGDATABASE", "patchwork"),
        "USER": os.environ.get("PGUSER", "patchwork"),
        "CONN_MAX_AGE": 60,
        # Behind PgBouncer with pool_mode = transaction:
        # "DISABLE_SERVER_SIDE_CURSORS": True,
    },
}

# Patchwork writes dates as they are in UTC, without saying so, and PostgreSQL takes them for times of TIME_ZONE.  So
# both have to be as patchmaild has them:
#   SELECT time_zone FROM patchmail.setting
# UTC is best on a new site.  On one that there was it stays what it was: every date would be another one with another
# zone.
USE_TZ = False
TIME_ZONE = os.environ.get("PATCHWORK_TIME_ZONE", "UTC")

# The web -------------------------------------------------------------------------------------------------------------

SECRET_KEY = credential("secret_key")
DEBUG = False
SITE = os.environ.get("PATCHWORK_SITE", "patchwork.example.org")
ALLOWED_HOSTS = [SITE]

# HTTPS ends at the web server in front, which has to set this field itself, whatever the client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
FORCE_HTTPS_LINKS = True
CSRF_TRUSTED_ORIGINS = ["https://" + SITE]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STATIC_ROOT = os.environ.get("PATCHWORK_STATIC", "/var/lib/patchwork/static")

ENABLE_REST_API = True
ENABLE_XMLRPC = False

# Mail that Patchwork sends to its users goes to the mail server of this machine.
EMAIL_HOST = "localhost"
EMAIL_USE_TLS = False
DEFAULT_FROM_EMAIL = "Patchwork <patchwork@" + SITE + ">"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
NOTIFICATION_FROM_EMAIL = DEFAULT_FROM_EMAIL
