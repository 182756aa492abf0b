"""Letters to people about their own account, written for the post office (notifications/writers.py)."""

import logging
import secrets
from collections.abc import Collection, Iterable, Mapping

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.enums import AccountNews
from accounts.models import User
from accounts.references import LINK_MARK, reset_url
from common.city import city
from notifications.models import Envelope
from notifications.outbox import post
from notifications.writers import Letter

TOPIC = "accounts"
CHANNEL = "email"
# An envelope's subject is an event; this one has no row, so any number will do that no other one has.
SUBJECT_BITS = 62
log = logging.getLogger(__name__)

HEADLINES: Mapping[str, StrOrPromise] = {
    AccountNews.NEW_PASSWORD: _("Choose a new password"),
    AccountNews.PASSWORD_CHANGED: _("Your password was changed"),
    AccountNews.SECOND_FACTOR_SET_UP: _("A second factor was set up for your account"),
    AccountNews.SECOND_FACTOR_REMOVED: _("The second factor of your account was removed"),
    AccountNews.SECOND_FACTOR_RESET: _("The second factor of your account was reset"),
    AccountNews.CODES_RENEWED: _("Your account has new recovery codes"),
}


def announce(user: User, news: AccountNews) -> None:
    """Post one envelope, in the caller's transaction."""
    facts = {"user": user.pk, "news": str(news)}
    post(topic=TOPIC, subject_id=secrets.randbits(SUBJECT_BITS), facts=facts)


class AccountWriter:
    """One letter, to the person it is about, unless their account has been closed."""

    def letters(self, envelope: Envelope, after: str) -> Iterable[Letter]:
        user = User.objects.filter(pk=envelope.facts["user"], is_active=True).first()
        if user is not None and not after:
            yield letter_to(user, envelope.facts["news"])

    def confirmed(self, recipients: Collection[str]) -> Collection[str]:
        """All: the addresses are the employer's."""
        return recipients

    def fill(self, recipient: str, text: str) -> str:
        if LINK_MARK not in text:
            return text
        user = User.objects.get(pk=int(recipient.removeprefix("user:")))
        return text.replace(LINK_MARK, reset_url(user))

    def bounced(self, recipient: str, channel: str, code: str) -> None:
        log.warning(
            "a letter to %s about their account was refused: %s %s", recipient, channel, code
        )


def letter_to(user: User, news: str) -> Letter:
    with translation.override(user.language):
        context = {
            "headline": HEADLINES[news],
            "news": news,
            "link": LINK_MARK,
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "city_name": city().name,
            "password_url": f"{settings.PUBLIC_URL}{reverse('account_reset_password')}",
        }
        subject = str(context["headline"])
        text = render_to_string("accounts/notices/letter.txt", context)
    return Letter(
        recipient=f"user:{user.pk}",
        channel=CHANNEL,
        language=user.language,
        purpose=news,
        address=user.email,
        subject=subject,
        text=text.strip() + "\n",
    )
