"""Kölner Phonetik: names that sound alike in German get the same digits.

Source: Hans Joachim Postel, „Die Kölner Phonetik. Ein Verfahren zur Identifizierung von
Personennamen auf der Grundlage der Gestaltanalyse", IBM-Nachrichten 19 (1969), pages 925 to 931.
Letter by letter:

    A E I J O U Y (and Ä Ö Ü)                               0
    H                                                       no digit
    B; P not before H                                       1
    D T not before C S Z                                    2
    F V W; P before H                                       3
    G K Q                                                   4
    C first, before A H K L O Q R U X                       4
    C not first, before A H K O Q U X, not after S Z        4
    X not after C K Q                                       48
    L                                                       5
    M N                                                     6
    R                                                       7
    S Z ß                                                   8
    C in every other place                                  8
    D T before C S Z                                        8
    X after C K Q                                           8

Then runs of the same digit become one, and every 0 goes but a leading one.
"""

import unicodedata
from itertools import groupby

ALWAYS = {
    letter: digit
    for letters, digit in {
        "AEIJOUY": "0",
        "H": "",
        "B": "1",
        "FVW": "3",
        "GKQ": "4",
        "L": "5",
        "MN": "6",
        "R": "7",
        "SZ": "8",
    }.items()
    for letter in letters
}
SIBILANT = frozenset("SZ")
HARD_AFTER_FIRST_C = frozenset("AHKLOQRUX")
HARD_AFTER_C = frozenset("AHKOQUX")
SOFTENS_D_AND_T = frozenset("CSZ")
SWALLOWS_K_OF_X = frozenset("CKQ")
# Letters that do not decompose into a Latin letter and a mark.
FOLDED = str.maketrans(
    {"Ø": "O", "Œ": "OE", "Æ": "AE", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "Ə": "A"}
)


def cologne(name: str) -> str:
    """The digits of a name; all but its letters is skipped. "" when no Latin letter sounds."""
    letters = _latin(name)
    neighbours = zip(["", *letters], letters, [*letters[1:], ""], strict=False)
    digits = "".join(_digits(*three) for three in neighbours)
    single = "".join(digit for digit, _ in groupby(digits))
    return single[:1] + single[1:].replace("0", "")


def _latin(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFD", name.upper().translate(FOLDED))
    return [letter for letter in decomposed if "A" <= letter <= "Z"]


def _digits(before: str, letter: str, after: str) -> str:
    match letter:
        case "P":
            return "3" if after == "H" else "1"
        case "D" | "T":
            return "8" if after in SOFTENS_D_AND_T else "2"
        case "X":
            return "8" if before in SWALLOWS_K_OF_X else "48"
        case "C":
            return "4" if _is_hard_c(before, after) else "8"
    return ALWAYS[letter]


def _is_hard_c(before: str, after: str) -> bool:
    if not before:
        return after in HARD_AFTER_FIRST_C
    return before not in SIBILANT and after in HARD_AFTER_C
