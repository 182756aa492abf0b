"""Recovery codes: seen by whoever just made them, for ten minutes in the same session, and never again."""

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.clock import now

SHOWN_UNTIL = "recovery_codes_until"
SHOWN_SECONDS = 600
FILE = "sachstand-recovery-codes.txt"


class Renew(GenerateRecoveryCodesView):
    def form_valid(self, form: object) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        show_for_a_while(self.request.session)
        return response


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """The codes while they are new; later only how many are left."""
    codes = unused(request)
    context = {
        "codes": codes if are_shown(request.session) else [],
        "left": len(codes),
        "next": get_next_redirect_url(request),
    }
    return render(request, "mfa/recovery_codes/index.html", context)


@require_GET
@login_required
def download(request: HttpRequest) -> HttpResponse:
    if not are_shown(request.session):
        raise Http404
    context = {"codes": unused(request), "user": request.user, "at": now()}
    response = render(
        request,
        "mfa/recovery_codes/download.txt",
        context,
        content_type="text/plain; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


def unused(request: HttpRequest) -> list[str]:
    """The codes this person has left. Raises Http404 for somebody without any."""
    stored = Authenticator.objects.filter(
        user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    if stored is None:
        raise Http404
    codes: list[str] = RecoveryCodes(stored).get_unused_codes()
    return codes


def show_for_a_while(session: SessionBase) -> None:
    session[SHOWN_UNTIL] = now().timestamp() + SHOWN_SECONDS


def are_shown(session: SessionBase) -> bool:
    until: float = session.get(SHOWN_UNTIL, 0.0)
    return now().timestamp() < until
