"""A new password: by a link that comes by mail, or by whoever knows the present one."""

from allauth.account.views import (
    PasswordChangeView,
    PasswordResetDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.http import HttpResponse
from django.urls import reverse_lazy

from accounts.sign_in import attempts
from workspace.forms.sign_in import AskForLinkForm, ChangeForm, NewPasswordForm
from workspace.views.sign_in import Limited


class AskForLink(Limited, PasswordResetView):
    form_class = AskForLinkForm


class LinkSent(PasswordResetDoneView):
    """The same words whether or not there is such an account."""


class NewPassword(PasswordResetFromKeyView):
    form_class = NewPasswordForm
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Whoever reads the mails of an account need not wait for the count of its wrong passwords to end."""
        response: HttpResponse = super().form_valid(form)
        attempts.forget(what=attempts.PASSWORD, who=form.user.email)
        return response


class ChangePassword(Limited, PasswordChangeView):
    form_class = ChangeForm
