"""The test suite: development without its conveniences, on the invented city."""

from backend.settings.development import *

CITY_FOLDER = BASE_DIR / "tests" / "city"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en"
STAFF_MFA_REQUIRED = False
STAFF_IDLE_MINUTES = 60
SIGN_IN_ATTEMPTS_PER_NETWORK = 50
