"""Forms (multipart/form-data) at the REST door: parts of JSON by their name, and `files`."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.views import APIView

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FILES = "files"
JSON = "application/json"
# What a form needs beside its files.
FRAME_BYTES = 2 * 1024 * 1024


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("The request is too large. Please send fewer or smaller files.")


class TakesFiles(APIView):
    """An endpoint that also takes forms, up to what a concern may hold; refused before anything of more is read."""

    parser_classes = (*APIView.parser_classes, MultiPartParser)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.LARGEST_FILES_PER_CONCERN + FRAME_BYTES
        if is_form(request) and (not length.isdecimal() or int(length) > most):
            raise TooLarge
        super().initial(request, *args, **kwargs)


def is_form(request: Request) -> bool:
    return request.content_type.startswith(MultiPartParser.media_type)


def parts_of(request: Request) -> dict[str, Any]:
    """What a form says; whatever is neither JSON nor one of `files` is None, for the serializer to refuse by name.

    Raises ParseError for a part that is no JSON, or that stands twice.
    """
    found: dict[str, Any] = {}
    for name, texts in request.POST.lists():
        found[name] = json_in(str(only(texts)).encode())
    for name, files in request.FILES.lists():
        found[name] = files if name == FILES else json_part(only(files))
    return found


def only(values: list[Any]) -> Any:  # noqa: ANN401 - text or file
    if len(values) != 1:
        raise ParseError(_("A part stands twice in the form. Please send each only once."))
    return values[0]


def json_part(file: "UploadedFile[Any]") -> Any:  # noqa: ANN401 - JSON may be anything
    """A part that a browser sent as a file because it named its type."""
    if file.content_type != JSON:
        return None
    file.seek(0)
    return json_in(file.read())


def json_in(raw: bytes) -> Any:  # noqa: ANN401 - JSON may be anything
    """Read as any body of JSON is."""
    return APIView.parser_classes[0]().parse(BytesIO(raw))
