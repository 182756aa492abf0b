"""Coming in and leaving: allauth's views with our forms, which count an attempt before they look at what it proves."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.forms import BaseForm
from django.http import HttpResponse

from accounts.sign_in.adapter import TOO_MANY
from workspace.drafts import forget_person
from workspace.forms.sign_in import CodeForm, SignInForm

TOO_MANY_REQUESTS = 429


class Limited:
    """Answers 429 to what was refused because there were too many attempts."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc] # a view's
        errors = [error.code for listed in form.errors.as_data().values() for error in listed]
        if TOO_MANY in errors:
            response.status_code = TOO_MANY_REQUESTS
        return response


class SignIn(Limited, LoginView):
    form_class = SignInForm


class EnterCode(Limited, AuthenticateView):
    form_class = CodeForm


class SignOut(LogoutView):
    http_method_names = ("post",)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Also gives up a sign-in that waits for its code; nothing typed before is kept for anybody."""
        response: HttpResponse = super().post(*args, **kwargs)
        forget_person(response)
        return response
