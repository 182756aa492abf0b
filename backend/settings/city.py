"""Which city this installation serves: a folder of data, and nothing of it in code."""

from pathlib import Path

from backend.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
CITY_FOLDER = Path(env.text("CITY_FOLDER", str(BASE_DIR / "cities" / "wuppertal")))
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
