"""What every template may say about the city."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.http import HttpRequest

from common.words import in_language

# An installation whose data is not loaded yet still has to draw its pages, also those that report the error.
PRODUCT = "Sachstand"


class CityFace:
    """The city as its pages show it: its name and contact in the reader's language."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    @property
    def name(self) -> str:
        return in_language(self._facts.get("name") or {}) or PRODUCT

    @property
    def contact(self) -> Mapping[str, str]:
        """Where people turn for help: `phone` and `email`, either may be missing."""
        return self._facts.get("contact") or {}


@lru_cache(maxsize=4)
def _face(folder: Path) -> CityFace:
    path = folder / "city.yaml"
    if not path.exists():
        return CityFace({})
    return CityFace(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def city(_request: HttpRequest) -> dict[str, CityFace]:
    return {"city": _face(Path(settings.CITY_FOLDER))}
