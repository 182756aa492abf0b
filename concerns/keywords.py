"""Keywords in what people write: they begin a word, or stand there in another form of the same word."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property, lru_cache

from Stemmer import Stemmer


class Text:
    """A text in which keywords are looked for, however many: it is folded and stemmed once."""

    def __init__(self, text: str) -> None:
        self.folded = folded(text)

    @cached_property
    def stems(self) -> str:
        return stems_of(self.folded)

    def first(self, keywords: Iterable[str]) -> str | None:
        """The first keyword that is found; None when there is none."""
        return next((word for word in keywords if self.has(folded(word))), None)

    def has(self, keyword: str) -> bool:
        # Most keywords are nowhere in the text; to find that out without an expression is a hundred times faster.
        if keyword in self.folded and re.search(rf"(?<!\w){re.escape(keyword)}", self.folded):
            return True
        stems = keyword_stems(keyword)
        return stems != NO_WORD and stems in self.stems


NO_WORD = "  "


@lru_cache(maxsize=4096)
def keyword_stems(keyword: str) -> str:
    """NO_WORD for what is more than letters: «c++» is no form of «c»."""
    return stems_of(keyword) if re.fullmatch(r"[\w ]+", keyword) else NO_WORD


def stems_of(text: str) -> str:
    """The stems of a text's words, a space around each: «Äste» and «Ast» have one.

    German ones whatever the language: the city's own words are German, and English plurals come out alike.
    """
    # One for each call: a stemmer must not be asked by two threads at once.
    stemmer = Stemmer("german", 0)
    stems = stemmer.stemWords(re.findall(r"\w+", text))
    return f" {' '.join(stems)} "


def folded(text: str) -> str:
    """Without case, and with each umlaut as one sign: some keyboards send the letter and its dots apart."""
    return unicodedata.normalize("NFC", text).casefold()
