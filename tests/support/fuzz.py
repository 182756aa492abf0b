"""Requests made up from the OpenAPI description, good and bad ones, sent to the whole application; what comes back is
held against the description."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.case import Case
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.modes import GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi import checks as openapi

CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@dataclass(frozen=True)
class Known:
    """What one knows who asks: values for addresses and bodies by their name, and the headers that prove who one is."""

    values: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def in_address(self, operation: APIOperation) -> dict[str, Any]:
        names = {one.name for one in operation.path_parameters}
        return {name: value for name, value in self.values.items() if name in names}

    def in_body(self, case: Case) -> None:
        """Put in what is known, and words where there are none: else little gets past the first check."""
        if isinstance(case.body, dict):
            blank = [name for name, value in case.body.items() if value == ""]
            case.body |= dict.fromkeys(blank, "Some words.")
            case.body |= {name: self.values[name] for name in case.body if name in self.values}


Knowing = Callable[[APIOperation], Known]


@dataclass(frozen=True)
class Fuzzer:
    """Somebody who asks for everything there is."""

    api: BaseSchema
    knowing: Knowing

    def faults(self, *, good: int, bad: int, number: int = 0) -> list[str]:
        """What went wrong in so many requests to each operation; the same number makes the same requests."""
        return [
            fault
            for operation in operations(self.api)
            for mode, examples in ((GOOD, good), (BAD, bad))
            if examples
            for fault in self.asked(operation, mode, examples, number)
        ]

    def asked(
        self, operation: APIOperation, mode: GenerationMode, examples: int, number: int
    ) -> Iterator[str]:
        known = self.knowing(operation)
        parts = known.in_address(operation) if mode is GOOD else {}
        fixed = {"path_parameters": parts} if parts else {}
        cases = operation.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK, **fixed)

        @seed(number + zlib.crc32(f"{operation.label} {mode}".encode()))
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def ask(case: Case) -> None:
            if mode is GOOD:
                known.in_body(case)
            case.call_and_validate(checks=CHECKS, headers=dict(known.headers))

        try:
            ask()
        except Unsatisfiable:
            return  # an operation that wants nothing can be asked nothing bad
        except FailureGroup as group:
            yield from (f"{operation.label}: {one}" for one in group.exceptions)


@contextmanager
def one_connection() -> Iterator[None]:
    """Let the application use the connection of the test, whose transaction no other sees."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def operations(api: BaseSchema) -> Iterator[APIOperation]:
    for found in api.get_all_operations():
        yield found.ok()


def described() -> BaseSchema:
    """The description as the application itself gives it."""
    generation = GenerationConfig(with_security_parameters=False)
    projects = ProjectsConfig(default=ProjectConfig(generation=generation))
    config = SchemathesisConfig(projects=projects)
    return schemathesis.openapi.from_wsgi("/api/schema/", WSGIHandler(), config=config)
