"""Pages as a person meets them without JavaScript: what they read, what they can fill in, which button they press."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client

VOID = frozenset({"input", "br", "img", "meta", "link", "hr"})
UNREAD = frozenset({"script", "style", "svg"})


@dataclass
class Form:
    """One form of a page: where it goes, what stands in its fields, and its buttons."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        values = self.fields[name]
        assert len(values) == 1, f"{name} stands {len(values)} times"
        return values[0]


@dataclass
class Page(HTMLParser):
    """An answer, read. `errors` are the messages by the id of their field, `words` everything a person reads."""

    status: int
    url: str
    html: str
    forms: list[Form] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    words: str = ""
    title: str = ""
    heading: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, Mapping[str, str]]] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(self.html)
        self.words = " ".join(self.words.split())
        self.title, self.heading = " ".join(self.title.split()), " ".join(self.heading.split())
        self.errors = {name: " ".join(said.split()) for name, said in self.errors.items()}

    def form(self, *having: str) -> Form:
        """The one form that has all these fields (or values of a hidden «act»)."""
        found = [
            one
            for one in self.forms
            if all(name in one.fields or [name] == one.fields.get("act") for name in having)
        ]
        assert len(found) == 1, f"{len(found)} forms with {having} on {self.url}: {self.words}"
        return found[0]

    def error(self, name: str) -> str:
        """What is said to be wrong with a field."""
        return self.errors[f"id_{name}"].removeprefix("Error: ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, given))
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: Mapping[str, str]) -> None:
        assert self._form is not None
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            self._form.options.setdefault(name, []).append(value or "on")
            if "checked" in given:
                self._form.put(name, value or "on")
        elif tag in ("input", "textarea") and name:
            self._form.put(name, value)
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self._form.options.setdefault(self._select, []).append(value)
            if "selected" in given:
                self._form.put(self._select, value)
        elif tag == "button":
            self._form.buttons.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select" and self._form is not None and self._select not in self._form.fields:
            self._form.put(self._select, self._form.options[self._select][0])
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _given in self._open]
        if not tags or UNREAD & set(tags):
            return
        if "title" in tags:
            self.title += data
            return
        if tags[-1] == "textarea" and self._form is not None:
            name = self._open[-1][1]["name"]
            # A browser drops one line end behind the tag.
            self._form.fields[name][-1] += data.removeprefix("\n")
            return
        self.words += f"{data} " if data.strip() else " "
        if "h1" in tags:
            self.heading += f"{data} "
        self._remember(data)

    def _remember(self, data: str) -> None:
        for tag, given in self._open:
            if given.get("id", "").endswith("_error"):
                name = given["id"].removesuffix("_error")
                self.errors[name] = self.errors.get(name, "") + data
            if tag == "a" and data.strip():
                self.links[" ".join(data.split())] = given.get("href", "")


class Visitor:
    """A browser without JavaScript, in a network of its own (attempts are counted by network)."""

    def __init__(self, language: str = "en", network: str = "") -> None:
        address = network or f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
        self.client = Client(
            enforce_csrf_checks=True, REMOTE_ADDR=address, headers={"accept-language": language}
        )
        self.answer = HttpResponse()

    def open(self, path: str) -> Page:
        return self._read(self.client.get(path, follow=True), path)

    def press(
        self, page: Page, form: Form, button: str = "", **filled: str | list[str] | None
    ) -> Page:
        """Fill in and press a button («go=back»); None empties a choice, so that the browser sends nothing."""
        sent = {**form.fields, **{name: listed(value) for name, value in filled.items()}}
        if button:
            name, _equals, value = button.partition("=")
            assert (name, value) in form.buttons, f"{button} is none of {form.buttons}"
            sent[name] = [value]
        target = form.action or page.url
        body = urlencode([(name, one) for name, values in sent.items() for one in values])
        kind = "application/x-www-form-urlencoded"
        came_from = {"referer": f"http://testserver{page.url}"}
        answer = self.client.post(target, body, content_type=kind, headers=came_from, follow=True)
        return self._read(answer, target)

    def _read(self, answer: HttpResponse, path: str) -> Page:
        self.answer = answer
        chain = getattr(answer, "redirect_chain", [])
        url = urlsplit(chain[-1][0] if chain else path)
        return Page(
            answer.status_code,
            f"{url.path}{'?' + url.query if url.query else ''}",
            answer.content.decode(),
        )


def listed(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
