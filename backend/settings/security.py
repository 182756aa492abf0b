"""Who may reach the site, how people prove who they are, and what a browser may load."""

from csp.constants import NONE, SELF

from backend.settings import env
from backend.settings.celery import REDIS_URL

DEBUG = False
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "backend.problems.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:queue"
LOGOUT_REDIRECT_URL = "account_login"
# A session lasts this long whatever happens, and so many minutes when nobody is at it.
SESSION_COOKIE_AGE = 10 * 3600
STAFF_IDLE_MINUTES = env.whole("STAFF_IDLE_MINUTES", 60, least=1)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # Seconds: nobody waits for a count that may as well be missing.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Attempts at a PIN: per concern and per network, counted over all doors, in a window of this many seconds.
PROOF_ATTEMPTS_PER_CONCERN = 10
PROOF_ATTEMPTS_PER_NETWORK = 30
PROOF_WINDOW_SECONDS = 3600
# Letters to one address that ask to confirm it, while nobody does (concerns/notices/confirming.py).
CONFIRMATIONS_PER_ADDRESS_PER_DAY = 5
SIGN_IN_ATTEMPTS_PER_ACCOUNT = 10
# A town hall whose people share one address to the outside signs in from one network.
SIGN_IN_ATTEMPTS_PER_NETWORK = env.whole("SIGN_IN_ATTEMPTS_PER_NETWORK", 50, least=1)
FILINGS_PER_NETWORK_PER_HOUR = env.whole("FILINGS_PER_NETWORK_PER_HOUR", 120, least=1)
# Requests to the REST door; API keys have limits of their own.
REQUESTS_PER_MINUTE_PER_NETWORK = env.whole("REQUESTS_PER_MINUTE_PER_NETWORK", 300, least=1)
REQUESTS_PER_MINUTE_PER_PERSON = env.whole("REQUESTS_PER_MINUTE_PER_PERSON", 300, least=1)
PLACES_PER_NETWORK_PER_HOUR = env.whole("PLACES_PER_NETWORK_PER_HOUR", 3600, least=1)
# Number of reverse proxies that append to X-Forwarded-For; 0 believes only the socket.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)
