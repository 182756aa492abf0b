"""Reads what the mail sink wrote. A file's name is the moment of arrival and a few random characters."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

NAME = r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}"
MOMENT = "%Y%m%dT%H%M%S.%fZ"
NEWEST = 200  # a trial's page; older mails stay readable by their address


@dataclass(frozen=True)
class KeptMail:
    """One mail as it arrived."""

    name: str
    message: EmailMessage

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.name.partition("-")[0], MOMENT).replace(tzinfo=UTC)

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def recipient(self) -> str:
        return str(self.message.get("To", ""))

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def words(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        """The words of the first part of that kind, or nothing; SMTP's line ends become ours."""
        part = self.message.get_body(preferencelist=(kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content()).replace("\r\n", "\n")
        except LookupError:  # a character set nobody knows; show what can be shown
            payload = part.get_payload(decode=True)
            return payload.decode("latin-1") if isinstance(payload, bytes) else ""


def newest(folder: Path) -> list[KeptMail]:
    """The mails that arrived last, the newest first."""
    names = sorted((path.stem for path in folder.glob("[0-9]*.eml")), reverse=True)
    return [read(folder, name) for name in itertools.islice(names, NEWEST)]


def read(folder: Path, name: str) -> KeptMail:
    """Raises FileNotFoundError if there is no such mail."""
    content = (folder / f"{name}.eml").read_bytes()
    return KeptMail(name, BytesParser(_class=EmailMessage, policy=default).parsebytes(content))
