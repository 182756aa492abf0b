"""/dev/mail/ on files as the sink writes them."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from backend.runtime.mailsink import keep

pytestmark = pytest.mark.urls("tests.backend.devmail.urls")
HTML = "<p style='color: green'>Ihr Anliegen</p><script>alert(1)</script>"


@pytest.fixture
def sink(settings, tmp_path: Path) -> Path:
    settings.MAIL_SINK = tmp_path
    return tmp_path


def arrive(folder: Path, subject: str, *, html: str = "") -> str:
    """The name under which a mail is kept."""
    message = EmailMessage()
    message["From"], message["To"] = "anliegen@city.invalid", "ada@people.invalid"
    message["Subject"] = subject
    message.set_content("Track it: https://city.invalid/c/<1>\n")
    if html:
        message.add_alternative(html, subtype="html")
    envelope = Envelope()
    envelope.mail_from, envelope.rcpt_tos = "anliegen@city.invalid", ["ada@people.invalid"]
    envelope.original_content = message.as_bytes()
    return keep(folder, envelope).stem


def test_list_shows_the_newest_mail_first(client, sink):
    arrive(sink, "Erste")
    arrive(sink, "Zweite <b>")

    page = client.get("/dev/mail/").content.decode()

    assert 0 < page.index("Zweite &lt;b&gt;") < page.index("Erste")
    assert page.count("ada@people.invalid") == 2


def test_list_without_mails_says_how_to_get_one(client, sink):
    client.cookies["django_language"] = "en"

    assert "No mail has been sent yet." in client.get("/dev/mail/").content.decode()


def test_mail_shows_text_escaped_and_frames_its_html(client, sink):
    name = arrive(sink, "Eingang", html=HTML)

    page = client.get(f"/dev/mail/{name}/").content.decode()

    assert "Track it:" in page
    assert "&lt;1&gt;" in page
    assert f'src="/dev/mail/{name}/html/"' in page
    assert "alert(1)" not in page


def test_html_part_may_run_and_load_nothing_and_only_we_may_frame_it(client, sink):
    name = arrive(sink, "Eingang", html=HTML)

    response = client.get(f"/dev/mail/{name}/html/")

    assert response["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response.content.decode().strip() == HTML


def test_mail_without_html_has_no_frame(client, sink):
    name = arrive(sink, "Nur Text")

    assert "<iframe" not in client.get(f"/dev/mail/{name}/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/dev/mail/20260101T000000.000000Z-abcdef/",
        "/dev/mail/20260101T000000.000000Z-abcdef/html/",
        "/dev/mail/../settings/",
        "/dev/mail/%2e%2e%2fsecret/",
        "/dev/mail/x%00/",
    ],
)
def test_unknown_mail_is_not_found(client, sink, path):
    (sink.parent / "secret.eml").touch()

    assert client.get(path).status_code == 404


def test_pages_do_not_exist_without_a_sink_or_outside_a_trial(client, settings, tmp_path):
    settings.MAIL_SINK = None
    without_sink = client.get("/dev/mail/")
    settings.MAIL_SINK, settings.DEMO = tmp_path, False
    no_trial = client.get("/dev/mail/")

    assert (without_sink.status_code, no_trial.status_code) == (404, 404)


def test_mails_are_only_read(client, sink):
    assert client.post("/dev/mail/").status_code == 405
