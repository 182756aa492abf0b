"""Keys, each ring read id:base64[,older-id:base64]; the first entry writes, all read.

MASTER_KEYS wrap the key of each reporter, INDEX_KEYS make blind indexes, TOKEN_KEYS derive tracking tokens and
PINs. The development keys below are public; production settings refuse them.
"""

from backend.settings import env

DEVELOPMENT_KEY = "ZGV2ZWxvcG1lbnQta2V5LW5vdC1mb3ItcHJvZHVjdGk="
DEVELOPMENT_SECRET = "development-secret-not-for-production-development-secret"  # noqa: S105 - refused in production
SECRET_KEY = env.text("SECRET_KEY", DEVELOPMENT_SECRET)
# Older ones, newest first: sessions and links made with them still hold, nothing new is made with them.
SECRET_KEY_FALLBACKS = env.listing("SECRET_KEY_FALLBACKS")
MASTER_KEYS = env.keyring("MASTER_KEYS", f"dev:{DEVELOPMENT_KEY}")
INDEX_KEYS = env.keyring("INDEX_KEYS", f"dev:{DEVELOPMENT_KEY}")
TOKEN_KEYS = env.keyring("TOKEN_KEYS", f"dev:{DEVELOPMENT_KEY}")
