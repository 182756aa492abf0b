"""The real post office over a real SMTP sink: what a person of Northmoor finds in their mailbox."""

import socket
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import override_settings

from concerns.models import Concern
from concerns.references import (
    confirmation_token,
    confirmation_url,
    pin,
    tracking_token,
    tracking_url,
)
from notifications import delivery, expansion

MONDAY = "2026-11-16T10:00:00Z"


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    language: str
    text: str
    html: str

    def said(self, concern: Concern) -> list[str]:
        """The text without empty lines, salutation and foot; what proves ownership by its name."""
        concern.refresh_from_db()
        reference, owned = concern.reference, (concern.pk, concern.generation)
        address = concern.reporter.address_generation if concern.reporter else 0
        text = self.text.replace(tracking_url(reference, tracking_token(*owned)), "LINK")
        text = text.replace(
            confirmation_url(reference, confirmation_token(*owned, address)), "CONFIRM"
        )
        text = text.replace(pin(*owned), "PIN").replace(reference, "REF")
        lines = [line for line in text.splitlines() if line]
        return lines[1:-3]


@dataclass
class Sink:
    """An SMTP server that keeps what it takes and can refuse addresses."""

    mails: list[Mail] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        self.mails.append(opened(message))
        return "250 2.0.0 queued"


def opened(message: EmailMessage) -> Mail:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        to=message["To"],
        subject=message["Subject"],
        language=message["Content-Language"],
        text=text.get_content(),
        html=html.get_content(),
    )


@dataclass
class Post:
    """The post office at work: `out()` sends everything due and returns what arrived meanwhile."""

    sink: Sink

    def out(self) -> list[Mail]:
        before = len(self.sink.mails)
        expansion.expand_due()
        delivery.deliver_due()
        return self.sink.mails[before:]

    def expand(self) -> None:
        """Write the letters, and send none."""
        expansion.expand_due()

    def only(self) -> Mail:
        """The one mail that goes out now."""
        [mail] = self.out()
        return mail

    def recipients(self) -> list[str]:
        return sorted(mail.to for mail in self.out())


@pytest.fixture(scope="session", autouse=True)
def catalogs():
    """German as it stands in the .po file now; changing the setting makes Django read it anew."""
    call_command("messages", "--compile")
    with override_settings(LOCALE_PATHS=list(django_settings.LOCALE_PATHS)):
        yield


@pytest.fixture(autouse=True)
def a_monday_in_november():
    with time_machine.travel(MONDAY):
        yield


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def post(settings, town):
    sink = Sink()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    settings.PUBLIC_URL = "https://northmoor.example"
    yield Post(sink)
    controller.stop()


@pytest.fixture(autouse=True)
def german_names(town):
    """Northmoor names its things in English; these tests read German letters, too."""
    for thing, names in (
        (town.categories["pothole"], {"en": "Pothole", "de": "Schlagloch"}),
        (town.offices["streets"], {"en": "Streets", "de": "Straßenamt"}),
    ):
        thing.names = names
        thing.save(update_fields=["names"])
