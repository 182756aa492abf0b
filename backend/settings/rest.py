"""The REST door: problem+json errors, cursor pages, resilient throttles, the OpenAPI schema."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiKeyAuthentication",
        "accounts.api.sessions.StaffSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.api.scopes.InScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["backend.api.throttles.RateLimit"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.api.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sachstand",
    "DESCRIPTION": "File a concern, follow it, and work on it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVERS": [{"url": "/", "description": "This installation"}],
    "ENUM_NAME_OVERRIDES": {
        "State": "concerns.enums.State",
        "PublicState": "concerns.enums.PublicState",
        "SeenState": "concerns.api.serializers.public.SEEN",
        "FileState": "concerns.enums.FileState",
        "Kind": "concerns.enums.Kind",
        "MessageKind": "concerns.enums.MessageKind",
        "Outcome": "concerns.enums.Outcome",
        "Answering": "concerns.api.serializers.acts.ANSWERING",
        "Resolving": "concerns.api.serializers.acts.RESOLVING",
        "Declining": "concerns.api.serializers.acts.DECLINING",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backend.api.schema.add_problems",
    ],
}
