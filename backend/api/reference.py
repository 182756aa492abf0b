"""The OpenAPI description as a page needs it: operations by section, schemas unfolded into lists of named values."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

# The sections in their order, by the tags of the description
SECTIONS: Mapping[str, StrOrPromise] = {
    "concerns": _("Concerns: for those who raise them"),
    "categories": _("What can be raised"),
    "published": _("What the city made public"),
    "tickets": _("Tickets: for those who work on them"),
    "acts on tickets": _("What is done with a ticket"),
    "directory": _("Who works where, and by which rules"),
}
PLACES = {"path": 0, "query": 1, "header": 2}
# How far into nested objects the lists go.
DEEPEST = 3

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One named value; names of what is nested are joined: `place.lat`, `concerns[].words`."""

    name: str
    kind: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent or answered: the media types, the values within, and examples as text."""

    media: list[str]
    values: list[Value]
    examples: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    about: str
    headers: list[Value]
    content: Content | None


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    story: str
    scope: str
    proofs: list[str]
    parameters: list[Value]
    body: Content | None
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: StrOrPromise
    operations: list[Operation]


def sections_of(description: Schema) -> list[Section]:
    """Every operation of an OpenAPI description, in the sections its tags name."""
    reader = Reader(description)
    found: defaultdict[str, list[Operation]] = defaultdict(list)
    for path, methods in description["paths"].items():
        for method, raw in methods.items():
            found[raw["tags"][0]].append(reader.operation(path, method, raw))
    return [
        Section(f"part-{tag.replace(' ', '-')}", title, found[tag])
        for tag, title in SECTIONS.items()
        if tag in found
    ]


class Reader:
    """Unfolds what the description says by reference to its components."""

    def __init__(self, description: Schema) -> None:
        self.schemas = description["components"]["schemas"]

    def operation(self, path: str, method: str, raw: Schema) -> Operation:
        places = sorted(raw.get("parameters", []), key=lambda one: PLACES[one["in"]])
        keys = [proof["apiKey"] for proof in raw.get("security", []) if "apiKey" in proof]
        return Operation(
            name=raw["operationId"],
            method=method.upper(),
            path=path,
            summary=raw["summary"],
            story=marked(raw.get("description", "")),
            scope=next((scope for scopes in keys for scope in scopes), ""),
            proofs=[name for proof in raw.get("security", []) for name in proof],
            parameters=[self.parameter(one) for one in places],
            body=self.content(raw.get("requestBody", {})),
            answers=[self.answer(status, one) for status, one in raw["responses"].items()],
        )

    def parameter(self, raw: Schema) -> Value:
        required = raw.get("required", False)
        about = marked(raw.get("description", ""))
        return Value(raw["name"], self.kind(raw["schema"]), about, required)

    def answer(self, status: str, raw: Schema) -> Answer:
        headers = [
            Value(name, self.kind(one["schema"]), marked(one.get("description", "")))
            for name, one in raw.get("headers", {}).items()
        ]
        return Answer(status, marked(raw.get("description", "")), headers, self.content(raw))

    def content(self, raw: Schema) -> Content | None:
        """The first form of the content unfolded; the others carry the same."""
        forms = raw.get("content", {})
        if not forms:
            return None
        first = next(iter(forms.values()))
        examples = [
            json.dumps(one["value"], indent=2) for one in first.get("examples", {}).values()
        ]
        return Content(list(forms), list(self.values(first["schema"])), examples)

    def values(self, schema: Schema, prefix: str = "", depth: int = 0) -> Iterator[Value]:
        """The values of an object and of what is nested in it."""
        schema = self.resolved(schema)
        if schema.get("type") == "array":
            yield from self.values(schema["items"], f"{prefix}[]", depth)
        required = schema.get("required", [])
        for name, one in schema.get("properties", {}).items():
            full = f"{prefix}.{name}" if prefix else name
            whole = self.resolved(one)
            about = marked(one.get("description") or whole.get("description", ""))
            yield Value(full, self.kind(one), about, name in required)
            if depth < DEEPEST:
                yield from self.values(one, full, depth + 1)

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself, where it stands by reference or beside null."""
        if "$ref" in schema:
            return self.resolved(self.schemas[schema["$ref"].rpartition("/")[2]])
        beside = [
            one for one in alternatives(schema) if one.get("type") != "null" and one != NOTHING
        ]
        return self.resolved(beside[0]) if len(beside) == 1 else schema

    def kind(self, schema: Schema) -> str:
        """What a value may be, in words."""
        if "$ref" in schema:
            return self.kind(self.resolved(schema))
        if several := alternatives(schema):
            return " or ".join(dict.fromkeys(self.kind(one) for one in several))
        if "enum" in schema:
            return " | ".join(json.dumps(one) for one in schema["enum"])
        types = schema.get("type", "any")
        words = [self.worded(one, schema) for one in ([types] if isinstance(types, str) else types)]
        return " or ".join(words)

    def worded(self, kind: str, schema: Schema) -> str:
        if kind == "array":
            return f"list of {self.kind(schema['items'])}"
        if kind == "null":
            return kind
        limits = [f"{sign} {schema[name]}" for name, sign in LIMITS.items() if name in schema]
        return ", ".join([schema.get("format", kind), *limits])


NOTHING: Schema = {"enum": [None]}
LIMITS = {"minimum": "≥", "maximum": "≤", "maxLength": "length ≤"}


def marked(text: str) -> SafeString:
    """A text of the description as HTML: what stands in backticks is code; not the lists of choices (see `kind`)."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("* `")).strip()
    parts = [escape(part) for part in kept.split("`")]
    parts[1::2] = [format_html("<code>{}</code>", part) for part in parts[1::2]]
    return SafeString("".join(parts))  # escaped above  # nosec B703


def alternatives(schema: Schema) -> list[Schema]:
    return [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]
