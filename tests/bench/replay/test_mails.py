import threading

from bench.replay import mails
from bench.replay.mails import Arrivals


def put(folder, name, *head):
    """As a sink does it: a mail has its name when it is whole."""
    part = folder / f".{name}"
    part.write_bytes("\r\n".join([*head, "", "words To: nobody"]).encode())
    part.rename(folder / name)


def test_mails_are_counted_for_whom_they_really_were(tmp_path):
    put(tmp_path, "1.eml", "X-Envelope-To: a@people.example", "To: someone@else.example")
    put(tmp_path, "2.eml", "Subject: x", "To: a@people.example")
    put(tmp_path, "3.eml", "X-Envelope-To: b@people.example")
    put(tmp_path, "4.eml", "Subject: nobody")
    (tmp_path / ".half-written.eml").write_bytes(b"X-Envelope-To: b@people.example")
    arrivals = Arrivals(tmp_path)

    arrivals.look()
    arrivals.look()

    wanted = ["a@people.example", "b@people.example", "c@people.example"]
    assert arrivals.of(wanted) == [2, 1]


def test_waiting_ends_when_all_have_mail_and_no_more_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(mails, "LOOK_SECONDS", 0.02)
    late = threading.Timer(0.1, put, (tmp_path, "1.eml", "To: a@people.example"))
    late.start()

    assert Arrivals(tmp_path).wait_for({"a@people.example"}, limit=60.0) == [1]


def test_waiting_ends_when_nothing_comes_any_more(tmp_path, monkeypatch):
    monkeypatch.setattr(mails, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(mails, "QUIET_SECONDS", 0.05)

    assert Arrivals(tmp_path).wait_for({"a@people.example"}, limit=60.0) == []


def test_waiting_ends_at_the_limit(tmp_path):
    assert Arrivals(tmp_path).wait_for({"a@people.example"}, limit=0.0) == []
