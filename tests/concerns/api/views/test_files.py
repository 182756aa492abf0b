"""Files at the REST door: added by their author, handed out to be saved, never shown."""

import errno
import io
import json

import pytest
from django.test import Client
from PIL import Image

from common.models import IdempotentRequest
from concerns.actions.preparing import prepare_due
from concerns.enums import Verb
from concerns.models import Attachment, Concern, Event
from concerns.models.attachment import attachment_storage
from concerns.references import tracking_token
from tests.concerns.actions.test_attaching import add
from tests.support.files import (
    DOCX,
    HTML,
    JPEG,
    PDF,
    PNG,
    SVG,
    form,
    photo,
    store,
    stored_in,
    upload,
)
from tests.support.photos import SCHWEBEBAHN, bomb, exif_at, metadata_in
from tests.support.rest import POTHOLE, Rest, pointers_in, problem_in, program_of
from tests.support.scanner import EICAR, scanner
from tests.support.sql import budget
from tests.support.town import file

__all__ = ["scanner", "store"]


def owner_of(concern):
    return Rest({"Authorization": f"Concern {tracking_token(concern.pk, concern.generation)}"})


def files(filed, tail=""):
    return f"concerns/{filed.concern.reference}/files/{tail}"


def content_of(answer):
    return b"".join(answer.streaming_content)


# Filing


def test_a_concern_is_filed_with_its_files(town, store):
    parts = {"concern": POTHOLE, "files": [upload(PNG, "hole.png"), upload(PDF, "plan.pdf")]}
    with budget(18):
        answer = form(Rest(), "concerns/", parts)

    assert answer.status_code == 201
    concern = Concern.objects.get(reference=answer.json()["reference"])
    assert concern.words == POTHOLE["description"]
    kept = concern.attachments.order_by("pk").values_list("name", "media_type", "size")
    assert list(kept) == [
        ("hole.png", "image/png", len(PNG)),
        ("plan.pdf", "application/pdf", len(PDF)),
    ]


def test_a_form_needs_no_files(town, store):
    assert form(Rest(), "concerns/", {"concern": POTHOLE}).status_code == 201
    assert Attachment.objects.count() == 0


def test_the_concern_may_be_a_file_of_json_as_browsers_send_it(town, store):
    said = upload(json.dumps(POTHOLE).encode(), "blob")
    said.content_type = "application/json"

    answer = form(Rest(), "concerns/", {"concern": said, "files": [upload()]})

    assert answer.status_code == 201
    assert Attachment.objects.count() == 1


BOMB = bomb("image/png")
REFUSED = [
    ({"concern": POTHOLE, "files": [upload(SVG, "a.png")]}, [("/files/0", "invalid")]),
    ({"concern": POTHOLE, "files": [upload(), upload(HTML, "a.txt")]}, [("/files/1", "invalid")]),
    ({"concern": POTHOLE, "files": [upload(b"", "a.png")]}, [("/files/0", "invalid")]),
    ({"concern": POTHOLE, "files": [upload(HTML, "hole.jpg")]}, [("/files/0", "invalid")]),
    ({"concern": POTHOLE, "files": [upload(SVG, "hole.jpg")]}, [("/files/0", "invalid")]),
    ({"concern": POTHOLE, "files": [upload(BOMB, "hole.jpg")]}, [("/files/0", "invalid")]),
    ({"concern": POTHOLE, "photo": upload()}, [("/photo", "unknown_field")]),
    ({"concern": POTHOLE, "note": "x"}, [("/note", "unknown_field")]),
    ({"files": [upload()]}, [("/concern", "required")]),
    ({"concern": {**POTHOLE, "description": ""}}, [("/concern/description", "invalid")]),
    ({"concern": {**POTHOLE, "hue": 1}}, [("/concern/hue", "unknown_field")]),
    ({"concern": {**POTHOLE, "answers": {"x": 1}}}, [("/concern/answers/x", "invalid")]),
    ({"concern": []}, [("/concern", "invalid")]),
]


@pytest.mark.parametrize(("parts", "pointers"), REFUSED)
def test_a_refused_form_names_the_part_and_stores_nothing(town, store, parts, pointers):
    answer = form(Rest(), "concerns/", parts)

    assert problem_in(answer)[:2] == (422, "invalid")
    assert pointers_in(answer) == pointers
    assert (Concern.objects.count(), list(stored_in(store))) == (0, [])


@pytest.mark.parametrize("count", [11, 30])
def test_more_than_ten_files_are_too_many(town, store, count):
    answer = form(Rest(), "concerns/", {"concern": POTHOLE, "files": [upload()] * count})

    assert (problem_in(answer)[:2], pointers_in(answer)) == (
        (422, "invalid"),
        [("/files", "invalid")],
    )


def test_a_photo_of_fifty_megapixels_is_taken(town, store):
    large = upload(photo(size=(8660, 5780)), "hole.jpg")

    assert form(Rest(), "concerns/", {"concern": POTHOLE, "files": [large]}).status_code == 201
    assert Attachment.objects.get().media_type == "image/jpeg"


def test_a_form_larger_than_a_concern_may_be_is_refused_unread(town, store, settings):
    settings.LARGEST_FILES_PER_CONCERN = 0
    large = upload(JPEG + b"x" * (2 * 1024 * 1024))

    answer = form(Rest(), "concerns/", {"concern": POTHOLE, "files": [large]})

    assert problem_in(answer) == (
        413,
        "too_large",
        "The request is too large. Please send fewer or smaller files.",
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"--B\r\nContent-Disposition: form-data; name=concern\r\n\r\n{not json\r\n--B--\r\n",
        b'--B\r\nContent-Disposition: form-data; name=concern\r\n\r\n{"a":1,"a":2}\r\n--B--\r\n',
        b"--B\r\nContent-Disposition: form-data; name=concern\r\n\r\n{}\r\n" * 2 + b"--B--\r\n",
        b"--B\r\nContent-Disposition: form-data; name=concern\r\n\r\n%s\r\n--B--\r\n"
        % (b"[" * 99_999),
    ],
)
def test_a_form_that_can_be_read_two_ways_or_none_is_malformed(town, store, raw):
    answer = Rest().send(
        "POST", "concerns/", raw, kind="multipart/form-data; boundary=B", Idempotency_Key="one"
    )

    assert problem_in(answer)[:2] == (400, "malformed")


def test_the_same_form_is_filed_once_though_its_boundary_differs(town, store):
    door = Rest()
    part = b'Content-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'

    def send(boundary, content=PNG):
        body = b"--%s\r\n" % boundary + part % (b"concern", json.dumps(POTHOLE).encode())
        body += b"--%s\r\n" % boundary + part % (b'files"; filename="a.png', content)
        body += b"--%s--\r\n" % boundary
        kind = f"multipart/form-data; boundary={boundary.decode()}"
        return door.send("POST", "concerns/", body, kind=kind, Idempotency_Key="one")

    first, second = send(b"AAA"), send(b"BBB")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert problem_in(send(b"AAA", JPEG))[:2] == (422, "key_reused")
    assert (Concern.objects.count(), len(list(stored_in(store)))) == (1, 1)


def test_a_person_signed_in_files_a_form_through_the_check_of_their_session(town, store):
    """The check reads the form before we do."""
    door = Rest(client=Client(enforce_csrf_checks=True))
    door.client.force_login(town.people["iris"])
    door.client.cookies["csrftoken"] = "a" * 32
    said = {"description": "No screen.", "category": "it-incident"}

    refused = form(door, "concerns/", {"concern": said, "files": upload()})
    token = {"X_CSRFToken": "a" * 32}
    answer = form(door, "concerns/", {"concern": said, "files": upload()}, **token)

    assert problem_in(refused)[:2] == (403, "not_allowed")
    assert answer.status_code == 201
    assert Attachment.objects.get().concern.author == town.people["iris"]


def test_the_days_limit_of_a_network_counts_files(town, store, settings):
    settings.FILES_PER_NETWORK_PER_DAY = 3
    door = Rest()
    form(door, "concerns/", {"concern": POTHOLE, "files": [upload()] * 3})

    refused = form(door, "concerns/", {"concern": POTHOLE, "files": [upload()]})

    assert problem_in(refused)[:2] == (429, "too_many")
    assert form(Rest(), "concerns/", {"concern": POTHOLE, "files": [upload()]}).status_code == 201
    program = program_of(town.people["carl"])
    program.network = door.network
    assert form(program, "concerns/", {"concern": POTHOLE, "files": [upload()]}).status_code == 201


# Adding


def test_a_person_adds_files_and_is_told_their_names(town, store):
    filed = file()

    with budget(15):
        answer = form(owner_of(filed.concern), files(filed), {"files": [upload(JPEG, "a/b.png")]})

    kept = Attachment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "results": [
            {
                "id": str(kept.pk),
                "name": "b.png.jpg",
                "media_type": "image/jpeg",
                "size": len(JPEG),
                "sha256": kept.sha256,
                "direction": "in",
                "state": "held",
                "refusal": None,
                "url": f"http://testserver/api/v1/{files(filed, f'{kept.pk}/')}",
                "sizes": None,
                "width": None,
                "height": None,
                "at": answer.json()["results"][0]["at"],
            }
        ]
    }
    assert owner_of(filed.concern).get(files(filed)).json() == answer.json()
    assert Event.objects.filter(verb=Verb.ATTACH).count() == 1


def test_adding_twice_with_one_key_adds_once(town, store):
    filed = file()
    door = owner_of(filed.concern)

    first = form(door, files(filed), {"files": [upload()]}, key="one")
    second = form(door, files(filed), {"files": [upload()]}, key="one")

    assert (first.json(), second["Idempotency-Replayed"]) == (second.json(), "true")
    assert Attachment.objects.count() == len(list(stored_in(store))) == 1


def test_two_people_of_one_network_may_have_the_same_key(town, store):
    one, other = file(), file()
    door, neighbour = owner_of(one.concern), owner_of(other.concern)
    neighbour.network = door.network

    form(door, files(one), {"files": [upload()]}, key="one")
    answer = form(neighbour, files(other), {"files": [upload()]}, key="one")

    assert answer.status_code == 201


def test_what_is_kept_for_a_replay_of_files_is_no_content(town, store):
    filed = file()
    form(owner_of(filed.concern), files(filed), {"files": [upload()]}, key="one")

    assert IdempotentRequest.objects.get().body["results"][0]["name"] == "hole.png"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "image/png"])
def test_files_come_in_forms_alone(town, store, kind):
    filed = file()

    answer = owner_of(filed.concern).send(
        "POST", files(filed), b"{}", kind=kind, Idempotency_Key="one"
    )

    assert problem_in(answer)[:2] == (415, "unsupported_media_type")


def test_without_proof_nobody_adds_or_has_a_file(town, store):
    filed, other = file(), file()
    kept = add(filed)[0]

    for door in (Rest(), owner_of(other.concern), program_of(town.people["carl"])):
        added = form(door, files(filed), {"files": [upload()]})
        listed, had = door.get(files(filed)), door.get(files(filed, f"{kept.pk}/"))
        assert {added.status_code, listed.status_code, had.status_code} <= {401, 404}
    assert Attachment.objects.count() == 1


# Handing out


def test_its_person_gets_the_file_to_be_saved_and_never_shown(town, store):
    """Also one that is a page and an archive besides."""
    filed = file()
    both = PDF + HTML + DOCX
    kept = add(filed, upload(both, "Löcher 1.html"))[0]

    with budget(3):
        answer = owner_of(filed.concern).get(files(filed, f"{kept.pk}/"))

    assert answer.status_code == 200
    assert content_of(answer) == both
    assert headers_of(answer) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(both)),
        "Content-Disposition": "attachment; filename*=utf-8''L%C3%B6cher%201.html.pdf",
        **SAFE,
    }


SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SAID = ("Content-Type", "Content-Length", "Content-Disposition", *SAFE)


def headers_of(answer):
    return {name: answer[name] for name in SAID}


def test_a_photo_that_we_drew_is_shown_in_three_sizes(town, store):
    filed = file()
    sent = photo("PNG", (1200, 900), exif=exif_at(*SCHWEBEBAHN))
    kept = add(filed, upload(sent, "hole.png"))[0]
    prepare_due()
    door = owner_of(filed.concern)

    row = door.get(files(filed)).json()["results"][0]
    url = f"http://testserver/api/v1/{files(filed, f'{kept.pk}/')}"
    assert {name: row[name] for name in ("name", "media_type", "state", "url", "sizes")} == {
        "name": "hole.jpg",
        "media_type": "image/jpeg",
        "state": "ready",
        "url": url,
        "sizes": {size: f"{url}?size={size}" for size in ("large", "medium", "small")},
    }
    found = {}
    for size, address in row["sizes"].items():
        answer = door.get(address.removeprefix("http://testserver/api/v1/"))
        content = content_of(answer)
        found[size] = Image.open(io.BytesIO(content)).size
        assert headers_of(answer) == {
            "Content-Type": "image/jpeg",
            "Content-Length": str(len(content)),
            "Content-Disposition": 'inline; filename="hole.jpg"',
            **SAFE,
        }
        assert metadata_in(content) == set()
    assert found == {"large": (1200, 900), "medium": (1024, 768), "small": (256, 192)}
    saved = door.get(files(filed, f"{kept.pk}/"))
    assert saved["Content-Disposition"] == 'attachment; filename="hole.jpg"'
    assert (row["size"], row["width"], row["height"]) == (len(content_of(saved)), 1200, 900)


@pytest.mark.parametrize("size", ["huge", "LARGE", "../small", "0"])
def test_there_is_no_other_size_and_of_a_plan_none(town, store, size):
    filed = file()
    hole, plan = add(filed, upload(), upload(PDF, "plan.pdf"))
    prepare_due()
    door = owner_of(filed.concern)

    for path in (f"{hole.pk}/?size={size}", f"{plan.pk}/?size=small"):
        assert problem_in(door.get(files(filed, path)))[:2] == (404, "not_found")


def test_a_file_that_is_held_is_nobodys_yet(town, store):
    filed = file()
    kept = add(filed)[0]

    for door, path in (
        (owner_of(filed.concern), files(filed, f"{kept.pk}/")),
        (owner_of(filed.concern), files(filed, f"{kept.pk}/?size=small")),
        (program_of(town.people["carl"]), f"tickets/{filed.ticket.pk}/files/{kept.pk}/"),
    ):
        assert problem_in(door.get(path)) == (
            409,
            "refused",
            "This file is still being checked.",
        )


def test_a_harmful_file_is_deleted_and_both_sides_are_told(town, store, settings, scanner):
    settings.CLAMD_ADDRESS = scanner.address
    filed = file()
    kept = add(filed, upload(PDF + EICAR, "plan.pdf"))[0]
    prepare_due()
    carl, there = program_of(town.people["carl"]), f"tickets/{filed.ticket.pk}/files/"

    for row in (
        owner_of(filed.concern).get(files(filed)).json()["results"][0],
        carl.get(there).json()["results"][0],
    ):
        assert (row["state"], row["refusal"], row["sizes"]) == ("refused", "harmful", None)
    assert problem_in(carl.get(f"{there}{kept.pk}/")) == (
        409,
        "refused",
        "The virus scanner found something harmful in this file. It was deleted.",
    )


def test_a_file_the_store_lost_is_not_found(town, store, caplog):
    filed = file()
    kept = add(filed, upload(PDF, "plan.pdf"))[0]
    (store / kept.file.name).unlink()

    answer = owner_of(filed.concern).get(files(filed, f"{kept.pk}/"))

    assert problem_in(answer)[:2] == (404, "not_found")
    assert f"attachment {kept.pk}: the store has no such file" in caplog.messages


# A store without room


def test_a_store_that_is_full_refuses_and_the_same_key_may_come_again(town, store, monkeypatch):
    door = Rest()
    with monkeypatch.context() as patched:
        patched.setattr(attachment_storage(), "_save", full)
        answer = form(door, "concerns/", {"concern": POTHOLE, "files": [upload()]}, key="one")

    assert problem_in(answer) == (
        503,
        "unavailable",
        "We cannot keep files at the moment. Nothing was stored. Please send it without files, or try again later.",
    )
    assert (answer["Retry-After"], Concern.objects.count(), list(stored_in(store))) == ("60", 0, [])
    again = form(door, "concerns/", {"concern": POTHOLE, "files": [upload()]}, key="one")
    assert again.status_code == 201


def full(*_given):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_no_room_on_the_way_is_the_same_refusal(town, store, settings):
    settings.FILE_UPLOAD_HANDLERS = ["tests.support.files.FullDisk"]

    answer = form(Rest(), "concerns/", {"concern": POTHOLE, "files": [upload()]})

    assert (problem_in(answer)[:2], answer["Retry-After"]) == ((503, "unavailable"), "60")
    assert Concern.objects.count() == 0


def test_staff_have_it_through_the_ticket_they_see(town, store):
    filed = file()
    kept = add(filed, upload(PDF, "plan.pdf"))[0]
    there = f"tickets/{filed.ticket.pk}/files/"

    carl = program_of(town.people["carl"])

    with budget(4):
        listed = carl.get(there)
    with budget(3):
        got = carl.get(f"{there}{kept.pk}/")

    assert [(row["id"], row["concern"]) for row in listed.json()["results"]] == [
        (str(kept.pk), filed.concern.reference)
    ]
    assert listed.json()["results"][0]["url"] == f"http://testserver/api/v1/{there}{kept.pk}/"
    assert content_of(got) == PDF
    assert headers_of(got) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "Content-Disposition": 'attachment; filename="plan.pdf"',
        **SAFE,
    }


def test_staff_who_do_not_see_the_ticket_learn_nothing_of_its_files(town, store):
    filed, other = file(), file(category="tree")
    kept = add(filed)[0]
    paul = program_of(town.people["paul"])

    for path in (
        f"tickets/{filed.ticket.pk}/files/",
        f"tickets/{filed.ticket.pk}/files/{kept.pk}/",
        f"tickets/{other.ticket.pk}/files/{kept.pk}/",
    ):
        assert problem_in(paul.get(path))[:2] == (404, "not_found")
    assert problem_in(Rest().get(f"tickets/{filed.ticket.pk}/files/"))[0] in (401, 403)


def test_a_file_is_only_below_the_ticket_its_concern_is_on(town, store):
    filed, other = file(), file()
    kept = add(filed)[0]

    answer = program_of(town.people["carl"]).get(f"tickets/{other.ticket.pk}/files/{kept.pk}/")

    assert problem_in(answer)[:2] == (404, "not_found")


def test_no_address_leads_to_the_store(town, store):
    kept = add(file())[0]

    for path in (f"/{kept.file.name}", f"/media/{kept.file.name}", f"/static/{kept.file.name}"):
        assert Rest().client.get(path).status_code == 404
