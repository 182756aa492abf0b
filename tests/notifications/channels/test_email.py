import re
import ssl
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from common.clock import now
from notifications.channels import ChannelError, Parcel
from notifications.channels.email import EmailChannel, ascii_address, build

UMLAUTS = "Ä ö ü ß € „Straße“ 🎉 日本"
ODD_SIGNS = st.one_of(st.sampled_from("äöüß 🎉a.=?_\t-"), st.characters(exclude_categories=["Cs"]))


def parcel(**changes):
    plain = {
        "address": "anna@example.org",
        "subject": "Ihr Anliegen",
        "text": "Guten Tag",
        "html": "<p>Guten Tag</p>",
        "language": "de",
        "message_id": "<1@stadt.example>",
    }
    return Parcel(**{**plain, **changes})


def received(**changes):
    raw = build(parcel(**changes), ascii_address("anna@example.org"))
    return message_from_bytes(raw, policy=policy.default), raw


def unix(text):
    return text.replace("\r\n", "\n").rstrip("\n")


def test_mail_arrives_with_umlauts_and_emoji_in_every_part(mail_server):
    with EmailChannel().session() as session:
        note = session.send(
            parcel(
                subject=UMLAUTS,
                text=f"Zeile 1: {UMLAUTS}\n.\n..\nFrom hier\n" + "sehr lang " * 500,
                html=f"<p>{UMLAUTS}</p>",
            )
        )

    [message] = mail_server.messages
    assert note == "250 2.0.0"
    assert message["Subject"] == UMLAUTS
    assert unix(message.get_body(("plain",)).get_content()) == (
        f"Zeile 1: {UMLAUTS}\n.\n..\nFrom hier\n" + "sehr lang " * 500
    )
    assert unix(message.get_body(("html",)).get_content()) == f"<p>{UMLAUTS}</p>"


def test_mail_carries_the_headers_that_keep_robots_quiet(mail_server):
    with EmailChannel().session() as session:
        session.send(parcel())

    [message] = mail_server.messages
    assert {name: message.get_all(name) for name in message.keys() if name != "Date"} == {  # noqa: SIM118
        "Message-ID": ["<1@stadt.example>"],
        "From": ["Bürgerbüro <anliegen@stadt.example>"],
        "To": ["anna@example.org"],
        "Subject": ["Ihr Anliegen"],
        "Content-Language": ["de"],
        "Auto-Submitted": ["auto-generated"],
        "X-Auto-Response-Suppress": ["All"],
        "MIME-Version": ["1.0"],
        "Content-Type": [message["Content-Type"]],
    }
    assert message["Date"].datetime.utcoffset().total_seconds() == 0
    assert message.get_content_type() == "multipart/alternative"


def test_mail_without_html_is_plain_text():
    message, _ = received(html="")

    assert message.get_content_type() == "text/plain"


@examples(max_examples=200, deadline=None)
@given(st.text(ODD_SIGNS, max_size=300))
@example(" 0000000\x80\x80\x80\x80\x80\x80\x80\x80\x80ࠀ𐀀𐀀𐀀 \x80")  # a space once was lost
@example("=?utf-8?q?never_decoded?=")
def test_any_subject_arrives_as_one_line_and_makes_no_header(subject):
    message, raw = received(subject=subject)

    sent = re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", subject)
    assert message["Subject"] == sent.strip()
    assert sorted(set(message.keys())) == sorted(message.keys())
    assert raw.isascii()


@examples(max_examples=200, deadline=None)
@given(st.text(ODD_SIGNS | st.just("\n"), max_size=600))
def test_any_text_arrives_unchanged_in_lines_every_server_takes(text):
    text = text.replace("\r", "")
    message, raw = received(text=text)

    assert unix(message.get_body(("plain",)).get_content()) == text.rstrip("\n")
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "breach", ["\r\nBcc: eve@example.org", "\nBcc: eve@example.org", "\r\n\r\nHi"]
)
def test_header_smuggled_into_the_subject_stays_words(mail_server, breach):
    with EmailChannel().session() as session:
        session.send(parcel(subject=f"Hallo{breach}"))

    [(recipients, raw)] = mail_server.mails
    message = message_from_bytes(raw, policy=policy.default)
    assert recipients == ["anna@example.org"]
    assert message["Bcc"] is None
    assert message["Subject"] == "Hallo" + re.sub(r"[\r\n]+", " ", breach)


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.org\r\nBcc: eve@example.org",
        "anna@example.org\n",
        "anna@example.org, eve@example.org",
        "Anna <anna@example.org>",
        "<anna@example.org>",
        "anna@example.org>\r\nDATA",
        "anna eva@example.org",
        "änna@example.org",
        "anna@bücher..example",
        "anna",
        "@example.org",
        "",
    ],
)
def test_what_is_not_one_plain_address_is_refused_for_good_and_never_sent(mail_server, address):
    with EmailChannel().session() as session, pytest.raises(ChannelError) as refused:
        session.send(parcel(address=address))

    assert (refused.value.permanent, refused.value.code) == (True, "bad address")
    assert mail_server.connections == 0


def test_domain_with_umlaut_and_sharp_s_is_sent_to_its_own_server_not_to_a_look_alike():
    assert ascii_address("info@straße.example").addr_spec == "info@xn--strae-oqa.example"
    assert ascii_address("info@Bücher.example").addr_spec == "info@xn--bcher-kva.example"


def test_half_a_surrogate_pair_does_not_keep_a_letter_back():
    message, _ = received(subject="a\ud83d", text="b\ud83d")

    assert message["Subject"] == "a?"
    assert unix(message.get_body(("plain",)).get_content()) == "b?"


def test_connection_is_kept_between_letters_and_made_anew_when_the_server_went_away(mail_server):
    with EmailChannel().session() as session:
        session.send(parcel())
        session.send(parcel())
        assert mail_server.connections == 1
        mail_server.restart()
        session.send(parcel())

    assert mail_server.connections == 2
    assert mail_server.recipients == {"anna@example.org": 3}


def test_session_without_a_letter_opens_no_connection(mail_server):
    with EmailChannel().session():
        pass

    assert mail_server.connections == 0


def test_codes_never_quote_the_servers_words(mail_server):
    mail_server.rcpt_replies["anna@example.org"] = "550 5.1.1 <anna@example.org> is unknown"

    with EmailChannel().session() as session, pytest.raises(ChannelError) as refused:
        session.send(parcel())

    assert refused.value.code == "550 5.1.1"
    assert str(refused.value) == "550 5.1.1"


@pytest.fixture
def certificate(tmp_path):
    """A certificate of our own for "localhost" and its context for a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, key_path = tmp_path / "cert.pem", tmp_path / "key.pem"
    path.write_bytes(signed.public_bytes(Encoding.PEM))
    key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path, key_path)
    return path, context


@pytest.fixture
def tls_server(mail_server, certificate, settings):
    """The mail server offers STARTTLS with that certificate and takes letters only so."""
    mail_server.options.update(tls_context=certificate[1], require_starttls=True)
    mail_server.restart()
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "localhost", True
    return mail_server


def test_letter_travels_encrypted_where_the_certificate_is_trusted(
    tls_server, certificate, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    with EmailChannel().session() as session:
        session.send(parcel())

    assert tls_server.recipients == {"anna@example.org": 1}


def test_letter_stays_where_the_certificate_is_not_trusted(tls_server):
    with EmailChannel().session() as session, pytest.raises(ChannelError) as refused:
        session.send(parcel())

    assert (refused.value.unreachable, refused.value.permanent, refused.value.code) == (
        True,
        False,
        "tls",
    )
    assert tls_server.mails == []
