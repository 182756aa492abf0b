"""How people type a place, and what comes first among those found."""

import re
import unicodedata

# Streets and places people know by name come before single houses.
PLACE, HOUSE = 0, 1
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i"})  # noqa: RUF001 - the Turkish letter is meant
# "str" at the very end may be the beginning of "Strand": only a full stop, a space or a number after it ends the word.
SHORT_STREET = re.compile(r"str(?:\.|(?=[\s\d-]))")
NUMBERED = re.compile(r"\D \d+\s?[a-z]?\Z")


def fold(text: str) -> str:
    """Small Latin letters, digits and single spaces: «Friedrich-Engels-Allee», «KÖNIGSTR. 5» → «koenigstrasse 5».

    Case, umlauts and their spellings, accents, hyphens and the short form of «Straße» make no difference.
    """
    small = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFKD", small.translate(UMLAUTS))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", SHORT_STREET.sub("strasse ", letters)))


def rank_of(label: str) -> int:
    """A house ends with its number; «Straße des 17. Juni» and «A46» do not."""
    return HOUSE if NUMBERED.search(fold(label)) else PLACE
