"""Where erasures are written down, outside the database: what a restored backup brings back is erased again from it."""

from pathlib import Path

from backend.settings import env
from backend.settings.city import BASE_DIR

ERASURE_JOURNAL = Path(env.text("ERASURE_JOURNAL", str(BASE_DIR / "var" / "erasures.jsonl")))
# The folder of pg_dump and pg_restore; empty: those of the embedded server, else of the PATH.
POSTGRES_PROGRAMS = env.text("POSTGRES_PROGRAMS", "")
