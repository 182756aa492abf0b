"""A trial or a developer's machine: embedded servers, demo log-ins, mails readable at /dev/mail/."""

from backend.settings.base import *

DEBUG = False
DEMO = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
