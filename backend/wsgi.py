"""The WSGI entry point a web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from backend.bodies import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings.development")

application = whole(get_wsgi_application())
