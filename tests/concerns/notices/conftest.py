"""The real post office over a real SMTP sink: what a person of Northmoor finds in their mailbox."""

import socket
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command

from concerns.references import confirmation_url, fill_marks, tracking_url
from notifications import delivery, expansion

# German mails need the compiled catalog, before a test activates a language.
call_command("messages", "--compile")


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    language: str
    text: str
    html: str

    @property
    def lines(self) -> list[str]:
        """The text without empty lines."""
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass
class Sink:
    """An SMTP server that keeps what it takes and can refuse addresses."""

    mails: list[Mail] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
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

    def out_to(self, address: str) -> Mail:
        """The only mail that arrives now, at that address."""
        [mail] = self.out()
        assert mail.to == address
        return mail


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
