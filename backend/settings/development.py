"""A trial or a developer's machine: embedded servers, demo log-ins, mails readable at /dev/mail/."""

from pathlib import Path

from backend.settings import env
from backend.settings.base import *

DEBUG = False
DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "backend.devmail", "bench.replay"]
# The folder the embedded runtime keeps mails in; without it there is no /dev/mail/.
MAIL_SINK = Path(sink) if (sink := env.text("MAIL_SINK", "")) else None
# Where the demo leaves its log-ins for the runtime to show.
LOGINS_FILE = Path(logins) if (logins := env.text("LOGINS_FILE", "")) else None
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Nothing is collected here, and WhiteNoise warns of a folder that does not exist.
STATIC_ROOT = None
