"""E-mail by SMTP: text and HTML, one connection for a batch, exact about who is to blame.

RFC 5321 §4.2: a reply 4xx passes, 5xx is for good. Not every 5xx speaks of the recipient, though:
 - a refusal of our sender, of our log-in or of our command is ours to mend, so it passes;
 - so is 5.7.x (RFC 3463 §3.8, security and policy): relaying denied, sender blocked.
Only a 5xx to RCPT or DATA outside these says that this address cannot be written to.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self

import idna
from django.conf import settings
from django.core.mail.utils import DNS_NAME

from common.clock import now
from notifications.channels import ChannelError, Parcel, register_channel

# Bad sequence, authentication required or broken, encryption required: our configuration.
OUR_FAULT = frozenset({503, 530, 534, 535, 538})
ENHANCED_STATUS = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
OK = frozenset({250, 251, 252})
# Whatever some reader takes for the end of a line has no place in a header.
PLAIN_SUBJECT = 60  # shorter ones in ASCII need no encoding to fit their line
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class EmailSession:
    """One SMTP connection for a batch of letters.

    Django's own mail backend hides which reply belongs to which recipient, so we speak ourselves.
    """

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.quit()
        self._drop()

    def send(self, parcel: Parcel) -> str:
        """Returns the server's status of the message, e.g. "250 2.0.0". Raises ChannelError."""
        address = ascii_address(parcel.address)
        message = build(parcel, address)
        smtp = self._connected()
        try:
            return _hand_over(smtp, address.addr_spec, message)
        except OSError as error:  # SMTPException is one, too
            self._drop()
            raise ChannelError(permanent=False, code=_name(error)) from error

    def _connected(self) -> smtplib.SMTP:
        """The open connection, made anew where there is none or the server has hung up."""
        if self._smtp is None or not _alive(self._smtp):
            self._drop()
            try:
                self._smtp = _connect()
            except OSError as error:
                raise ChannelError(permanent=False, code=_name(error), unreachable=True) from error
        return self._smtp

    def _drop(self) -> None:
        """Forget the connection; a farewell to a silent server would cost one more time-out."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


class EmailChannel:
    def session(self) -> EmailSession:
        return EmailSession()


def ascii_address(text: str) -> Address:
    """The one address in `text`, its domain in IDNA 2008. Anything else is no address.

    Refused for good: CR, LF and other headers smuggled in, lists, names beside the address, and
    local parts outside ASCII (RFC 6531 needs every server on the way to take part).
    """
    try:
        address = Address(addr_spec=text)
        if not address.domain.isascii():
            domain = idna.encode(address.domain, uts46=True).decode("ascii")
            address = Address(username=address.username, domain=domain)
    except (ValueError, IndexError, MessageError):  # the parser raises each of them
        raise ChannelError(permanent=True, code="bad address") from None
    return address


def build(parcel: Parcel, address: Address) -> bytes:
    """The message as it travels: 7-bit, CRLF, no line over 78 signs."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = parcel.message_id
    message["Date"] = format_datetime(now())
    message["From"] = settings.DEFAULT_FROM_EMAIL
    message["To"] = address
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's robot shall answer
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    message.set_content(_encodable(parcel.text), cte="quoted-printable")
    if parcel.html:
        message.add_alternative(_encodable(parcel.html), subtype="html", cte="quoted-printable")
    # Last, for making alternatives moves every Content-* header down into the first part.
    message["Content-Language"] = parcel.language
    return _subject_line(parcel.subject) + message.as_bytes()


def _subject_line(subject: str) -> bytes:
    """The subject as one header, whatever it holds.

    Encoded as a whole by the older of Python's two encoders: the newer one, which writes the other
    headers, loses a space where it breaks the line between two words outside ASCII.
    """
    text = LINE_BREAKS.sub(" ", _encodable(subject)).strip()
    plain = text.isascii() and len(text) < PLAIN_SUBJECT and "=?" not in text
    header = Header(text, "us-ascii" if plain else "utf-8", header_name="Subject")
    return b"Subject: " + header.encode(linesep="\r\n").encode("ascii") + b"\r\n"


def sender() -> str:
    """The bare address mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _encodable(text: str) -> str:
    """Half a surrogate pair must not keep a letter back for ever."""
    return text.encode("utf-8", "replace").decode()


def _connect() -> smtplib.SMTP:
    """A connection ready for letters: encrypted and logged in as the settings say."""
    address = (settings.EMAIL_HOST, settings.EMAIL_PORT, DNS_NAME.get_fqdn())
    if settings.EMAIL_USE_SSL:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            *address, timeout=settings.EMAIL_TIMEOUT, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(*address, timeout=settings.EMAIL_TIMEOUT)
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except OSError:
        smtp.close()
        raise
    return smtp


def _alive(smtp: smtplib.SMTP) -> bool:
    """Whether the server still answers; RSET also forgets a letter refused half-way."""
    try:
        return smtp.rset()[0] in OK
    except OSError:
        return False


def _hand_over(smtp: smtplib.SMTP, address: str, message: bytes) -> str:
    smtp.ehlo_or_helo_if_needed()
    size = [f"size={len(message)}"] if smtp.has_extn("size") else []
    _expect(smtp.mail(sender(), size), of_recipient=False)
    _expect(smtp.rcpt(address), of_recipient=True)
    try:
        reply = smtp.data(message)
    except smtplib.SMTPDataError as error:  # no "354 go ahead"
        raw = error.smtp_error
        reply = error.smtp_code, raw if isinstance(raw, bytes) else raw.encode()
    return _expect(reply, of_recipient=True)


def _expect(reply: tuple[int, bytes], *, of_recipient: bool) -> str:
    """The status of a good reply. Raises ChannelError for any other."""
    code, words = reply
    found = ENHANCED_STATUS.match(words)
    enhanced = found[1].decode() if found else ""
    status = f"{code} {enhanced}".strip()
    if code in OK:
        return status
    ours = not of_recipient or code in OUR_FAULT or enhanced.startswith("5.7.")
    raise ChannelError(permanent=code >= 500 and not ours, code=status)  # noqa: PLR2004 - RFC 5321


def _name(error: OSError) -> str:
    """A code for an error of the connection. smtplib wraps a time-out into its own error."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if isinstance(cause, TimeoutError):
        return "timeout"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return type(error).__name__


register_channel("email", EmailChannel())
