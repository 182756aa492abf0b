"""Languages and time: stored in UTC, shown in the city's zone."""

from django.utils.translation import gettext_lazy as _

from backend.settings import env
from backend.settings.city import BASE_DIR

# The city's own language: what pages are in when a browser asks for none we speak.
LANGUAGE_CODE = env.text("LANGUAGE_CODE", "de")
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Europe/Berlin")
