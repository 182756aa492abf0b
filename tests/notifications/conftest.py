"""A post office with real parts: SMTP servers on loopback ports, and a writer registered as an app's would be."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from common.ids import uuid7
from notifications import outbox
from notifications.enums import DeliveryState, EnvelopeState
from notifications.expansion import delivery_of
from notifications.models import Delivery, Envelope
from notifications.writers import Letter, register_writer

PIN_MARK = "\ufdd0pin\ufdd1"


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class MailServer:
    """An SMTP server that keeps what it takes; replies can be set by recipient."""

    mails: list = field(default_factory=list)
    rcpt_replies: dict = field(default_factory=dict)
    data_replies: dict = field(default_factory=dict)
    sender_reply: str = "250 OK"
    taken: Callable[[], None] = lambda: None  # what happens elsewhere before the sender hears it
    connections: int = 0
    options: dict = field(default_factory=dict)
    controller: Controller = None

    @property
    def port(self):
        return self.controller.port

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's names
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's names
        if self.sender_reply.startswith("250"):
            envelope.mail_from = address
        return self.sender_reply

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's names
        reply = self.rcpt_replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's names
        reply = self.data_replies.get(envelope.rcpt_tos[0], "250 2.0.0 queued")
        if reply.startswith("250"):
            self.mails.append((envelope.rcpt_tos, envelope.original_content))
            await asyncio.to_thread(self.taken)
        return reply

    def start(self, port=None):
        # A server found listening is the sign of readiness, so the port is chosen before.
        self.controller = Controller(
            self, hostname="127.0.0.1", port=port or free_port(), **self.options
        )
        self.controller.start()

    def stop(self):
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    def restart(self):
        port = self.port
        self.stop()
        self.start(port)

    @property
    def recipients(self):
        return Counter(recipient for recipients, _ in self.mails for recipient in recipients)

    @property
    def messages(self):
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.mails]


@pytest.fixture
def mail_server(settings):
    """The city's mail server, running, and the settings that lead to it."""
    server = MailServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 10
    settings.DEFAULT_FROM_EMAIL = "Bürgerbüro <anliegen@stadt.example>"
    yield server
    server.stop()


class TalkingServer:
    """A server that speaks a fixed script and then falls silent or hangs up.

    `script` are the replies it gives, one for each command; after the last it does `then`.
    """

    def __init__(self, script, then):
        self.script, self.then = script, then
        self.done = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self):
        while not self.done.is_set():
            try:
                visitor, _ = self.listener.accept()
            except OSError:
                return
            with visitor:
                self._talk(visitor)

    def _talk(self, visitor):
        for reply in self.script:
            visitor.sendall(reply)
            if not visitor.recv(4096):
                return
        if self.then == "silence":
            self.done.wait(20)

    def stop(self):
        self.done.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


@pytest.fixture
def talking_server(settings):
    """Start a scripted server and lead the settings to it; a time-out of one second."""
    running = []

    def start(*script, then):
        server = TalkingServer(script, then)
        running.append(server)
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = (
            "127.0.0.1",
            server.port,
            1,
        )
        return server

    yield start
    for server in running:
        server.stop()


@dataclass
class Author:
    """A writer over a list of people, in order; it can stumble at one of them."""

    topic: str
    people: list = field(default_factory=list)
    stumble_at: str = ""
    held: bool = False
    confirmed_now: set = field(default_factory=set)
    rendered: Counter = field(default_factory=Counter)
    bounces: list = field(default_factory=list)
    channels: tuple = ("email",)

    def letters(self, envelope, after):
        start = self.people.index(after) + 1 if after else 0
        for person in self.people[start:]:
            if person == self.stumble_at:
                raise ZeroDivisionError(person)
            self.rendered[person] += 1
            for channel in self.channels:
                yield self.letter(envelope, person, channel)

    def letter(self, envelope, person, channel):
        return Letter(
            recipient=person,
            channel=channel,
            language="de",
            purpose="acknowledgement",
            address=address_of(person),
            subject=f"Ihr Anliegen {envelope.subject_id}",
            text=f"Guten Tag, Ihre PIN ist {PIN_MARK}.",
            html=f"<p>Guten Tag, Ihre PIN ist {PIN_MARK}.</p>",
            held=self.held,
        )

    def confirmed(self, recipients):
        return self.confirmed_now & set(recipients)

    def fill(self, recipient, text):
        return text.replace(PIN_MARK, f"PIN-of-{recipient}")

    def bounced(self, recipient, channel, code):
        self.bounces.append((recipient, channel, code))


def address_of(person):
    return f"{person.replace(':', '-')}@example.org"


@pytest.fixture
def author():
    """The writer of a topic of its own, with one person: concern 1."""
    author = Author(topic=f"test.{uuid4().hex}", people=["concern:1"])
    register_writer(author.topic, author)
    return author


@pytest.fixture
def post(author):
    """Post one envelope for the author, committed as an action would."""

    def post(subject_id=1, facts=None):
        with transaction.atomic():
            return outbox.post(topic=author.topic, subject_id=subject_id, facts=facts or {})

    return post


@pytest.fixture
def deliveries(author):
    """Rows as if expanded: sealed for real, one for each person."""

    def make(*people, envelope=None, **changes):
        envelope = envelope or Envelope.objects.create(
            topic=author.topic, subject_id=uuid7().int % 2**62, state=EnvelopeState.EXPANDED
        )
        rows = [delivery_of(envelope, author.letter(envelope, one, "email"), ()) for one in people]
        for row in rows:
            for name, value in changes.items():
                setattr(row, name, value)
        return Delivery.objects.bulk_create(rows)

    return make


@pytest.fixture
def states():
    """What became of each recipient's letter."""

    def read():
        rows = Delivery.objects.values_list("recipient", "state", "last_error")
        return {recipient: (DeliveryState(state), code) for recipient, state, code in rows}

    return read


@pytest.fixture
def post_office_lines(caplog):
    """What the post office logged; the mail servers of the tests log, too."""
    return lambda: [
        record.getMessage() for record in caplog.records if record.name.startswith("notifications")
    ]


@pytest.fixture
def dead_broker(monkeypatch):
    """The broker's port is closed."""
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{free_port()}/0")


@pytest.fixture
def hanging_broker(monkeypatch):
    """The broker's port takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv(
            "CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        )
        yield
