"""What the OpenAPI description says of all operations: how one proves who one is, and that any may answer a problem."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView

from backend.api.kinds import KINDS

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `type` ends in `#problem-<code>`: "
    + ", ".join(f"`{code}` ({status})" for code, status in KINDS.items())
    + ".",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In the language of Accept-Language."},
        "instance": {"type": "string"},
        "request_id": {"type": "string", "format": "uuid"},
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


class Description(SpectacularAPIView):
    """/api/schema/: for everybody, like the documentation."""

    authentication_classes = ()
    permission_classes = ()


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002 - its signature
        return in_header(
            "Authorization", "`Api-Key <prefix>.<secret>`, issued by an administrator."
        )


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
