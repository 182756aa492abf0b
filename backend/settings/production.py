"""A city's installation. It refuses to start with anything meant for a trial."""

from django.core.exceptions import ImproperlyConfigured

from backend.settings import env
from backend.settings.base import *
from backend.settings.keys import DEVELOPMENT_KEY, DEVELOPMENT_SECRET

DEMO = False
SECURE_SSL_REDIRECT = True
# Asked from inside, past the reverse proxy.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# A subdomain of the city can set none of these for us: browsers take the prefix from this host and TLS alone.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
# Whether the whole domain goes into browsers' preload lists is the city's to decide, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
STAFF_MFA_REQUIRED = env.flag("STAFF_MFA_REQUIRED", default=True)
LOGGING["handlers"]["console"]["formatter"] = "json"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

REFUSALS = {
    "DATABASE_URL is missing: production needs a PostgreSQL server of its own": not DATABASE_URL,
    "REDIS_URL is missing: production needs a Valkey or Redis server of its own": not REDIS_URL,
    "EMBEDDED is set: the embedded servers are for trials and tests": env.flag(
        "EMBEDDED", default=False
    ),
    "DEBUG is set: it shows personal data in error pages": env.flag("DEBUG", default=False),
    "DEMO is set: demo log-ins are public": env.flag("DEMO", default=False),
    "SECRET_KEY is the development key": SECRET_KEY == DEVELOPMENT_SECRET,
    "MASTER_KEYS, INDEX_KEYS or TOKEN_KEYS holds the development key": any(
        DEVELOPMENT_KEY in ring.values() for ring in (MASTER_KEYS, INDEX_KEYS, TOKEN_KEYS)
    ),
    "PUBLIC_URL is not https": not PUBLIC_URL.startswith("https://"),
}
if refused := [reason for reason, holds in REFUSALS.items() if holds]:
    raise ImproperlyConfigured("Production settings refuse to start. " + ". ".join(refused) + ".")
