"""Ways out of the house. A channel is one module in this folder that registers itself.

What a channel must keep: a refusal that will never change is permanent, everything else passes; and
its codes name no person, for they are stored and logged.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Parcel:
    """A letter ready to go: secrets filled, address in the clear."""

    address: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str


class ChannelError(Exception):
    """A parcel was not taken. `permanent` blames the address, `unreachable` the channel itself.

    Neither: this parcel, or this moment. `code` is short and names no person, e.g. "550" or
    "timeout".
    """

    def __init__(self, *, permanent: bool, code: str, unreachable: bool = False) -> None:
        super().__init__(code)
        self.permanent = permanent
        self.code = code
        self.unreachable = unreachable


class Session(Protocol):
    """One connection for a batch, opened when first needed."""

    def send(self, parcel: Parcel) -> str:
        """Hand the parcel over; what the other side called it ("" if nothing).

        Raises ChannelError.
        """


class Channel(Protocol):
    def session(self) -> AbstractContextManager[Session]: ...


class NoChannel(LookupError):
    """No module of this folder registered a channel of this name."""


_channels: dict[str, Channel] = {}


def register_channel(name: str, channel: Channel) -> None:
    _channels[name] = channel


def channel_named(name: str) -> Channel:
    try:
        return _channels[name]
    except KeyError:
        raise NoChannel(name) from None


def load_channels() -> None:
    """Import every module of this folder, once, at the start."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
