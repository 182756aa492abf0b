"""References of concerns, and the proofs of owning one: tracking token, PIN, confirmation token.

A reference names a concern in public and proves nothing. The proofs are not stored: each is
HMAC-SHA-256 of purpose, concern id and generation (for a confirmation also the generation of the
address) under TOKEN_KEYS, so that every mail, letter and
idempotent replay derives the same ones, the database alone proves nothing, and `generation + 1`
makes old links and PINs worthless. A new key in front of TOKEN_KEYS gives new proofs; the old ones
hold as long as their key stays in the ring.
"""

import base64
import hmac
import re
import secrets
import unicodedata
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common import keyrings
from concerns.errors import Invalid

# 29 signs, a prime number. Look-alikes have one representative: O→0, I and L→1, Z→2, S→5, B→8, U→V.
ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
LOOK_ALIKES = str.maketrans("OILZSBU", "011258V")
SEPARATORS = dict.fromkeys(map(ord, " \t\r\n-\u2010\u2011\u2012\u2013\u2014\u2212./_#"))
RANDOM_SIGNS = 8
REFERENCES = len(ALPHABET) ** RANDOM_SIGNS
SIGNS = RANDOM_SIGNS + 1
GROUP = 3
LONGEST_INPUT = 60

TOKEN_BYTES = 16
PIN_DIGITS = 6

# What stored letters and idempotency bodies hold instead of a secret. The frame is made of Unicode
# noncharacters, which are for a program's own use and which no keyboard types; `defuse` takes them
# out of people's words.
FRAME = "\ufdd0\ufdd1"
TRACKING_URL_MARK = f"{FRAME[0]}tracking-url{FRAME[1]}"
REFERRAL_URL_MARK = f"{FRAME[0]}referral-url{FRAME[1]}"
PIN_MARK = f"{FRAME[0]}pin{FRAME[1]}"
# Names the generation of the address the letter goes to: a letter under way when the address is corrected must not
# carry the link of the new one to the old one.
CONFIRMATION_URL = re.compile(f"{FRAME[0]}confirmation-url-([0-9]{{1,5}}){FRAME[1]}")
UNFRAMED = dict.fromkeys(map(ord, FRAME))


class Fault(StrEnum):
    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"


WORDS = {
    Fault.LENGTH: _(
        "A reference has nine letters and digits. Please check whether one is missing or too many."
    ),
    Fault.CHARACTER: _(
        "A reference holds only letters and digits. Please remove all other characters."
    ),
    Fault.CHECK: _(
        "This reference does not exist: a character is wrong or two are swapped. "
        "Please compare it with your letter or e-mail."
    ),
}


class BadReference(Invalid):
    """What was typed cannot be a reference; `fault` says which kind of error it is."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(WORDS[fault], field="reference")


def new_reference() -> str:
    """A random reference such as K7M-4QX-9R1; says nothing about concern, time or volume.

    Eight random signs of 29 are 5·10^11 references (38.9 bits). With a million concerns on file a
    new one collides with probability 2·10^-6 (the unique constraint notices, the action draws
    again), and somebody who invents references meets one in 500,000 tries, and without its proof
    learns nothing by it.
    """
    return reference_of(secrets.randbelow(REFERENCES))


def reference_of(number: int) -> str:
    """The reference with this number, from 0 up to but not including REFERENCES."""
    signs = ""
    for _sign in range(RANDOM_SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return _grouped(signs + _check_sign(signs))


def normalise(text: str) -> str:
    """The reference a person meant: any case, spacing, hyphens and look-alike letters.

    Raises BadReference, which says whether length, a character or the check sign is wrong.
    """
    if len(text) > LONGEST_INPUT:
        raise BadReference(Fault.LENGTH)
    upper = unicodedata.normalize("NFKC", text).translate(SEPARATORS).upper()
    signs = upper.translate(LOOK_ALIKES)
    if not set(signs) <= set(ALPHABET):
        raise BadReference(Fault.CHARACTER)
    if len(signs) != SIGNS:
        raise BadReference(Fault.LENGTH)
    if _check_sign(signs[:-1]) != signs[-1]:
        raise BadReference(Fault.CHECK)
    return _grouped(signs)


def tracking_token(concern_id: int, generation: int) -> str:
    """128 bits in base64url without padding: 22 characters."""
    return _token("tracking", concern_id, generation, _current_key())


def confirmation_token(concern_id: int, generation: int, address_generation: int) -> str:
    """Like the tracking token; proves that somebody reads the mailbox the concern named then, and no other."""
    return _token(_confirmation(address_generation), concern_id, generation, _current_key())


def referral_token(referral_id: int) -> str:
    """Proves that somebody has the link by which a ticket was passed to a partner."""
    return _token("referral", referral_id, 0, _current_key())


def referral_matches(referral_id: int, token: str) -> bool:
    return _matches(token, [_token("referral", referral_id, 0, key) for key in _keys()])


def pin(concern_id: int, generation: int) -> str:
    """Six digits, leading zeros kept."""
    return _pin(concern_id, generation, _current_key())


def token_matches(concern_id: int, generation: int, token: str) -> bool:
    return _matches(token, [_token("tracking", concern_id, generation, key) for key in _keys()])


def confirmation_matches(
    concern_id: int, generation: int, address_generation: int, token: str
) -> bool:
    purpose = _confirmation(address_generation)
    return _matches(token, [_token(purpose, concern_id, generation, key) for key in _keys()])


def _confirmation(address_generation: int) -> str:
    return f"confirmation {address_generation}"


def pin_matches(concern_id: int, generation: int, typed: str) -> bool:
    """Whether the PIN is right, in any script's digits; spaces do not matter.

    Count the attempt first (common/limits.py).
    """
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in "".join(typed.split()))
    return _matches(digits, [_pin(concern_id, generation, key) for key in _keys()])


def referral_url(key: UUID, token: str) -> str:
    """Where a partner answers about the ticket it was passed."""
    return f"{settings.PUBLIC_URL}/referrals/{key}/{token}/"


def tracking_url(reference: str, token: str) -> str:
    """Where its owner follows a concern; `reference` as `normalise` gives it."""
    return f"{settings.PUBLIC_URL}/concerns/{reference}/t/{token}/"


def confirmation_url(reference: str, token: str) -> str:
    return f"{settings.PUBLIC_URL}/concerns/{reference}/confirm/{token}/"


def confirmation_url_mark(address_generation: int) -> str:
    return f"{FRAME[0]}confirmation-url-{address_generation}{FRAME[1]}"


def defuse(text: str) -> str:
    """People's words without anything that could act as a mark.

    Call it on everything people wrote before it goes into a stored letter or body.
    """
    return text.translate(UNFRAMED)


def fill_marks(text: str, *, reference: str, concern_id: int, generation: int) -> str:
    """A stored text with the secrets in place of the marks: plain text, HTML, a value of JSON."""
    filled = {
        TRACKING_URL_MARK: tracking_url(reference, tracking_token(concern_id, generation)),
        PIN_MARK: pin(concern_id, generation),
    }
    for mark, secret in filled.items():
        text = text.replace(mark, secret)

    def confirmation(mark: re.Match[str]) -> str:
        token = confirmation_token(concern_id, generation, int(mark[1]))
        return confirmation_url(reference, token)

    return CONFIRMATION_URL.sub(confirmation, text)


def blank_marks(text: str, *, link: str, code: str) -> str:
    """A stored text for whoever may not have its secrets: words in place of links and PIN."""
    blanked = text.replace(TRACKING_URL_MARK, link).replace(PIN_MARK, code)
    return CONFIRMATION_URL.sub(lambda _mark: link, blanked)


def _check_sign(signs: str) -> str:
    """Makes the weighted sum divisible by 29, the weights being 9, 8 … 2 and 1 for the check sign.

    As in ISBN-10, weights that differ modulo a prime catch every single wrong sign (w·d is not 0)
    and every swap of two different signs, next to each other or not ((v - w)·d is not 0).
    """
    weighted = sum(
        weight * ALPHABET.index(sign)
        for weight, sign in zip(range(SIGNS, 1, -1), signs, strict=True)
    )
    return ALPHABET[-weighted % len(ALPHABET)]


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def _keys() -> list[bytes]:
    return list(keyrings.ring("TOKEN_KEYS").values())


def _current_key() -> bytes:
    return keyrings.current("TOKEN_KEYS")[1]


def _derived(purpose: str, concern_id: int, generation: int, key: bytes) -> bytes:
    return keyrings.digest(key, purpose, f"{concern_id}|{generation}")


def _token(purpose: str, concern_id: int, generation: int, key: bytes) -> str:
    raw = _derived(purpose, concern_id, generation, key)[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _pin(concern_id: int, generation: int, key: bytes) -> str:
    # A remainder of 256 random bits: no PIN is likelier than another by more than 1 part in 2^236.
    number = int.from_bytes(_derived("pin", concern_id, generation, key), "big")
    return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}"


def _matches(typed: str, expected: list[str]) -> bool:
    """In constant time, also over the keys: no early way out."""
    given = typed.encode("utf-8", "replace")
    return any([hmac.compare_digest(given, text.encode()) for text in expected])  # noqa: C419
