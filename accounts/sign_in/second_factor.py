"""The second factor: a code of an app (TOTP), or one of the recovery codes. Secrets are sealed wherever they stand."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

import segno
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.sign_in.attempts import note
from common import keyrings
from common.city import city
from common.crypto import key_id_of, seal, unseal
from common.limits import TooManyAttempts, register

CONTEXT = b"second factor"
# Of an app, and what the recovery codes are derived from.
SECRETS = ("secret", "seed")
PENDING = "second_factor_pending"
PERIOD_SECONDS = 30


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, StrOrPromise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code does not fit, or was used before. Please wait for the next one and enter that."
        ),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), context=CONTEXT).decode()

    def get_totp_issuer(self) -> str:
        """What the app writes above the code."""
        return f"Sachstand {city().name}"

    def build_totp_svg(self, url: str) -> SafeString:
        """The address as an inline drawing without scripts or styles, dark on white whatever the page's colours are."""
        drawn = segno.make(url, error="m").svg_inline(
            scale=5, border=4, light="#fff", svgclass="qr__code", lineclass=None
        )
        return SafeString(drawn)  # drawn by us from our own address  # nosec B703


def stale_factors() -> list[int]:
    """The ids of those whose secrets another master key than the current one sealed (one statement; they are few)."""
    current = keyrings.current("MASTER_KEYS")[0]
    return [
        pk
        for pk, data in Authenticator.objects.values_list("pk", "data")
        if any(key_id_of(base64.b64decode(value)) != current for value in secrets_in(data))
    ]


def resealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """What allauth keeps of a factor, its secrets under the current master key. Raises SealBroken or UnknownKey."""
    adapter = SecondFactorAdapter()
    return {
        name: adapter.encrypt(adapter.decrypt(value)) if name in SECRETS else value
        for name, value in data.items()
    }


def secrets_in(data: Mapping[str, Any]) -> list[str]:
    return [data[name] for name in SECRETS if name in data]


def pending_secret(session: SessionBase) -> str:
    """The secret somebody is setting up: the same until they have, so that a page may be drawn again."""
    adapter = SecondFactorAdapter()
    if PENDING not in session:
        session[PENDING] = adapter.encrypt(generate_totp_secret())
    return adapter.decrypt(session[PENDING])


def proven_by(user: User, code: str) -> Authenticator | None:
    """What this code proves the person has; a code proves it once."""
    for one in Authenticator.objects.filter(user=user):
        one.user = user
        if one.type == Authenticator.Type.TOTP:
            fits = is_current(SecondFactorAdapter().decrypt(one.data["secret"]), code, user)
        else:
            fits = one.wrap().validate_code(code)
        if fits:
            note(f"{one.type} accepted", who=user.ref_id)
            return one
    note("code refused", who=user.ref_id)
    return None


def is_current(secret: str, code: str, user: User) -> bool:
    """Whether the app shows this code now and it was not used before.

    Used codes are kept in PostgreSQL until they fit no more: a cache may be down, or have forgotten.
    """
    if not validate_totp_code(secret, code):
        return False
    used = f"code:used:{user.pk}:{normalize_user_code(code)}"
    steps = 2 * settings.MFA_TOTP_TOLERANCE + 1
    try:
        register(keys={used: 1}, window_seconds=steps * PERIOD_SECONDS)
    except TooManyAttempts:
        return False
    return True
