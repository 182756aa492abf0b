"""What the OpenAPI description says of all operations: how one proves who one is, and that any may answer a problem."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from accounts.api.scopes import scope_for
from backend.api.kinds import KINDS
from concerns.api.views.doors import OpenToRead

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `type` ends in `#problem-<code>`: "
    + ", ".join(f"`{code}` ({status})" for code, status in KINDS.items())
    + ".",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In the language of Accept-Language."},
        "instance": {"type": "string"},
        "request_id": {
            "type": "string",
            "description": "As in the header X-Request-ID; tell it when you ask us about this answer.",
        },
        "body": {
            "oneOf": [{"$ref": "#/components/schemas/BodyOutput"}, {"type": "null"}],
            "description": "With `stopped` alone: whom the person should turn to, in the language of Accept-Language; "
            "null where only `detail` says it. A phone or website that is not known is empty.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON Pointer (RFC 6901) into the body, or `/` and a query parameter.",
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ANSWER = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def add_problems(result: dict[str, Any], **_options: object) -> dict[str, Any]:
    """drf-spectacular's post-processing hook."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = ANSWER
    return result


class Generator(SchemaGenerator):
    """Describes once in each language: it takes seconds, and the code does not change while it runs."""

    def get_schema(
        self,
        request: Request | None = None,  # noqa: ARG002 - drf-spectacular's signature
        public: bool = False,  # noqa: FBT001, FBT002, ARG002
    ) -> dict[str, Any]:
        return described(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=len(settings.LANGUAGES))
def described(language: str) -> dict[str, Any]:
    """The whole description, in a language."""
    with override(language):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


class Description(SpectacularAPIView):
    """/api/schema/: for everybody, like the documentation."""

    authentication_classes = ()
    permission_classes = ()
    generator_class = Generator


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002 - its signature
        return in_header(
            "Authorization", "`Api-Key <prefix>.<secret>`, issued by an administrator."
        )

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[str]]]:
        """The scope the key needs stands where OpenAPI 3.1 has roles; what is for anybody needs no proof at all."""
        view, method = auto_schema.view, auto_schema.method
        asked = {type(one) for one in view.get_permissions()}
        free = OpenToRead in asked and method in SAFE_METHODS
        needed = [] if free else [scope_for(view, method).value]
        return [{self.name: needed}] if IsAuthenticated in asked else [{self.name: needed}, {}]


class StaffSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.sessions.StaffSession"
    priority = 0


class ConcernProofScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "concerns.api.views.doors.ConcernProof"
    name = ["concernToken", "concernPin"]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:  # noqa: ARG002 - its signature
        return [
            in_header("Authorization", "`Concern <token>`, the last part of the tracking link."),
            in_header("Concern-Pin", "The PIN given with the reference. Attempts are counted."),
        ]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[str]]]:  # noqa: ARG002
        """Either of them is enough."""
        return [{name: []} for name in self.name]


def in_header(name: str, description: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": name, "description": description}
