"""One's own second factor: confirm who one is, set up an app, remove it."""

from typing import Any

from allauth.account.internal.flows.login import clear_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView as ReauthenticateByPassword
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCode
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode

from accounts.sign_in.second_factor import PENDING
from workspace.forms.sign_in import ConfirmCodeForm, ConfirmPasswordForm, SetUpForm
from workspace.views import recovery_codes
from workspace.views.sign_in import Limited


class ConfirmByPassword(Limited, ReauthenticateByPassword):
    form_class = ConfirmPasswordForm


class ConfirmByCode(Limited, ReauthenticateByCode):
    form_class = ConfirmCodeForm


class SetUp(Limited, ActivateTOTPView):
    form_class = SetUpForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "secret": in_groups(context["form"].secret),
            "next": get_next_redirect_url(self.request),
            "required": settings.STAFF_MFA_REQUIRED,
        }

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        """From now on the password alone confirms nothing any more, not even the one just typed."""
        response: HttpResponse = super().form_valid(form)
        del self.request.session[PENDING]
        clear_authentication_records(self.request)
        recovery_codes.show_for_a_while(self.request.session)
        return response

    def get_success_url(self) -> str:
        """To the recovery codes, which are shown now or never, and from there to where one wanted to go."""
        codes, onwards = reverse("mfa_view_recovery_codes"), get_next_redirect_url(self.request)
        return f"{codes}?{urlencode({'next': onwards})}" if onwards else codes


class Remove(DeactivateTOTPView):
    success_url = reverse_lazy("workspace:account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "required": settings.STAFF_MFA_REQUIRED}


def in_groups(secret: str, size: int = 4) -> str:
    """A secret as people type it from a screen: in groups."""
    return " ".join(secret[start : start + size] for start in range(0, len(secret), size))
