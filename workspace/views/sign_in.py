"""Signing in: attempts are limited for each account and each network before a password is looked at."""

import unicodedata

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.limits import TooManyAttempts, clear, register
from common.network import network_of


def account_named(text: str) -> str:
    """The address an account is stored under, however it was typed: all spellings share one count of attempts."""
    return unicodedata.normalize("NFKC", text).strip().lower()


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": gettext_lazy(
            "E-mail address and password do not belong together. Please check both."
        ),
        "inactive": gettext_lazy(
            "E-mail address and password do not belong together. Please check both."
        ),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came
        self.fields["username"].label = _("E-mail address")
        self.fields["username"].widget = forms.EmailInput({"autocomplete": "username"})

    def clean_username(self) -> str:
        return account_named(self.cleaned_data["username"])


class SignIn(LoginView):
    template_name = "workspace/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        """Count the attempt, then let Django look at the password."""
        account = f"sign-in:account:{account_named(self.request.POST.get('username', ''))}"
        keys = {
            account: settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
            f"sign-in:network:{network_of(self.request)}": settings.SIGN_IN_ATTEMPTS_PER_NETWORK,
        }
        try:
            register(keys=keys, window_seconds=settings.PROOF_WINDOW_SECONDS)
        except TooManyAttempts:
            form = self.get_form()
            form.add_error(None, _("There were too many attempts. Please try again in an hour."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        response = super().post(self.request, *args, **kwargs)
        if self.request.user.is_authenticated:
            clear(account)
        return response
