"""The WSGI entry point a web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from backend.bodies import in_utf8, whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings.development")

application = in_utf8(whole(get_wsgi_application()))
