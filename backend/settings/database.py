"""PostgreSQL, the only database. The URL reads postgresql://user:password@host:port/name[?host=/socket/folder]."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from backend.settings import env

NEVER_BY_ITSELF = 2**31
# Planning anew takes longer than most answers; what needs another plan for other values is not prepared at all.
KEEP_PLANS = "-c plan_cache_mode=force_generic_plan"
DATABASE_URL = env.text("DATABASE_URL", "")


def database_from(url: str) -> dict[str, Any]:
    """Django's description of the database a URL names."""
    parts = urlsplit(url)
    extra = dict(parse_qsl(parts.query))
    most = env.whole("DATABASE_POOL", 0)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": extra.pop("host", parts.hostname or ""),
        "PORT": extra.pop("port", parts.port or ""),
        # A pool keeps its connections itself.
        "CONN_MAX_AGE": 0 if most else env.whole("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "sachstand",
            # Only what asks for it is prepared on the server (common/prepared.py), nothing because it came often.
            "prepare_threshold": NEVER_BY_ITSELF,
            "options": f"{KEEP_PLANS} {extra.pop('options', '')}".strip(),
            **({"pool": {"min_size": 1, "max_size": most, "timeout": 10}} if most else {}),
            **extra,
        },
    }


DATABASES = {"default": database_from(DATABASE_URL)}
