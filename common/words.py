"""Texts of the city's data: maps by language, read in the reader's language."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language


def in_language(words: Mapping[str, str], language: str | None = None) -> str:
    """The text in `language` (default: the active one), else in the city's own, else in any there is."""
    wanted = (language or get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return words.get(wanted) or words.get(settings.LANGUAGE_CODE) or next(iter(words.values()), "")
