"""Who writes the letters. The post office knows no words: the app that posted an envelope does.

An app registers its writer in `AppConfig.ready()`, so that this storey imports none above it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from notifications.models import Envelope


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Letter:
    """One rendered letter. Secrets stand in it only as placeholders, filled at delivery.

    `recipient` is the writer's opaque name of a person, e.g. "concern:17". `text` is mandatory,
    `html` may be empty. `held`: the address is not confirmed, so it waits.
    """

    recipient: str
    channel: str
    language: str
    purpose: str
    address: str
    subject: str
    text: str
    html: str = ""
    held: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"The letter {self.purpose!r} to {self.recipient} has no text.")


class Writer(Protocol):
    """What the post office asks of the app that posted an envelope. Called by the worker only."""

    def letters(self, envelope: Envelope, after: str) -> Iterable[Letter]:
        """The letters of an envelope, lazily, in an order that is the same at every call.

        Letters of one recipient stand together. `after` is "" or the recipient whose letters were
        stored last: the next one follows. It may be called again from there after any error.
        """

    def confirmed(self, recipients: Collection[str]) -> Collection[str]:
        """Those of the recipients whose address is confirmed by now.

        Asked for held letters inside the transaction that stores them. It must lock the rows it
        reads (`select_for_update(no_key=True)`, ascending): a confirmation under way then either
        shows here, or sees the held letters itself when it condenses or releases them.
        """

    def fill(self, recipient: str, text: str) -> str:
        """`text` with the placeholders of this recipient's secrets filled, just before sending."""

    def bounced(self, recipient: str, channel: str, code: str) -> None:
        """A letter was refused for good. Called in the transaction that marks it failed.

        It may be called again for the same delivery when that transaction fails.
        """


class NoWriter(LookupError):
    """No installed app writes for this topic."""


_writers: dict[str, Writer] = {}


def register_writer(topic: str, writer: Writer) -> None:
    """Make `writer` write all envelopes of `topic`. Raises ValueError when the topic is taken."""
    if _writers.setdefault(topic, writer) is not writer:
        raise ValueError(f"The topic {topic!r} has a writer already.")


def writer_for(topic: str) -> Writer:
    try:
        return _writers[topic]
    except KeyError:
        raise NoWriter(topic) from None
