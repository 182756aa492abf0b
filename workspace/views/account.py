"""One's own account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.actions.account import choose
from accounts.queries import staff
from common.actor import Actor
from workspace.desk import for_staff, page
from workspace.forms.account import AccountForm

INVALID = 422


@require_http_methods(["GET", "POST"])
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is known of a person, what they may choose, and the ways to password, second factor and out."""
    person = staff().get(ref=actor.ref)
    form = AccountForm(
        request.POST or None, initial={"language": person.language, "notices": person.notices}
    )
    if request.method == "POST" and form.is_valid():
        choose(user=person, **form.cleaned_data)
        return chosen(request, form.cleaned_data)
    context = {"form": form, "person": person, "required": settings.STAFF_MFA_REQUIRED}
    status = INVALID if request.method == "POST" else 200
    return page(request, actor, "workspace/account.html", context, status=status)


def chosen(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    """The page again, in the language chosen."""
    response = redirect("workspace:account")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, said["language"], samesite="Lax", httponly=True
    )
    with override(said["language"]):
        messages.success(request, _("Your choice has been saved."))
    return response
