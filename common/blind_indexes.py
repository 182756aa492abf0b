"""Blind indexes: find a person by e-mail, phone or surname although the data are encrypted.

An index is "<key id>:<hex of HMAC-SHA-256>" of the normalised value. The current key of INDEX_KEYS
writes; a search asks for the index under every configured key (`candidates`), so that rows not yet
rotated are found too. Equal values have equal indexes, that is what they are for: whoever reads the
database sees that two rows belong together, not to whom. Kinds are kept apart, so a surname's index
equals no phone's.

A value that cannot be searched for (empty, no number, no letter) has the index "", and its
`candidates` are none.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal

import idna
import phonenumbers

from common import keyrings
from common.phonetics import cologne

Kind = Literal["email", "phone", "surname", "phonetic"]
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def email_index(address: str) -> str:
    return _current("email", _email(address))


def phone_index(number: str, region: str = "DE") -> str:
    """`region` (ISO 3166) says where a number without country code is dialled."""
    return _current("phone", _phone(number, region))


def surname_index(surname: str) -> str:
    return _current("surname", _surname(surname))


def phonetic_index(surname: str) -> str:
    return _current("phonetic", cologne(surname))


def candidates(kind: Kind, value: str, region: str = "DE") -> list[str]:
    """The value's index under every configured key, the current one first."""
    normal = _phone(value, region) if kind == "phone" else NORMALISED[kind](value)
    return [_index(kind, normal, *entry) for entry in keyrings.ring("INDEX_KEYS").items() if normal]


def _current(kind: Kind, normal: str) -> str:
    return _index(kind, normal, *keyrings.current("INDEX_KEYS")) if normal else ""


def _index(kind: Kind, normal: str, key_id: str, key: bytes) -> str:
    return f"{key_id}:{keyrings.digest(key, f'index:{kind}', normal).hex()}"


def _email(address: str) -> str:
    """Local part without case (no provider known tells cases apart), domain as IDNA 2008."""
    local, at, domain = address.strip().rpartition("@")
    return f"{_folded(local)}{at}{_domain(domain)}"


def _domain(domain: str) -> str:
    domain = domain.rstrip(".")
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return _folded(domain)  # no valid domain, yet what was typed once is found when typed again


def _phone(number: str, region: str) -> str:
    """E.164. A possible number is enough: the ranges assigned change with each library release."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _surname(surname: str) -> str:
    """Letters only, without case: ß = ss, ä = ae; "von der Heydt" = "Von-der-Heydt"; é stays é."""
    folded = _folded(surname).translate(UMLAUTS)
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LM")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


NORMALISED: Mapping[str, Callable[[str], str]] = {
    "email": _email,
    "surname": _surname,
    "phonetic": cologne,
}
