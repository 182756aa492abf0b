"""What allauth asks us: who may sign in, in which words it speaks, and how people are told by mail.

Nobody signs up, no address is confirmed (addresses are the employer's), nothing is sent inside a request.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.actions import account
from accounts.enums import AccountNews
from accounts.models import User
from accounts.sign_in import attempts, sessions
from accounts.sign_in.attempts import mark_of, note
from common.limits import TooManyAttempts
from common.network import network_of

TOO_MANY = "too_many_login_attempts"
WRONG_PAIR = _("E-mail address and password do not belong together. Please check both.")
# By the template allauth would draw; what is missing here is not said.
MESSAGES: Mapping[str, StrOrPromise] = {
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/password_changed.txt": _("Your password has been changed."),
    "mfa/messages/totp_activated.txt": _("Your second factor is set up."),
    "mfa/messages/totp_deactivated.txt": _("Your second factor has been removed."),
}
LETTERS: Mapping[str, AccountNews] = {
    "account/email/password_changed": AccountNews.PASSWORD_CHANGED,
    "account/email/password_reset": AccountNews.PASSWORD_CHANGED,
    "mfa/email/totp_activated": AccountNews.SECOND_FACTOR_SET_UP,
    "mfa/email/totp_deactivated": AccountNews.SECOND_FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": AccountNews.CODES_RENEWED,
}


class StaffAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, StrOrPromise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG_PAIR,
        "incorrect_password": _("This is not your password. Please try again."),
        "enter_current_password": _("This is not your present password. Please try again."),
        "invalid_password_reset": _("This link no longer works."),
        TOO_MANY: _("There were too many attempts. Please try again in an hour."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Pages only: programs come with an API key."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return network_of(request)

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; over the limit a right password is not looked at either."""
        try:
            attempts.count(request, what=attempts.PASSWORD, who=credentials["email"])
        except TooManyAttempts:
            note("password not looked at, too many attempts", who=mark_of(credentials["email"]))
            raise self.validation_error(TOO_MANY) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, if the password is theirs; a closed account is answered like an unknown one."""
        user = super().authenticate(request, **credentials)
        if not isinstance(user, User) or not user.is_active:
            note("password refused", who=mark_of(credentials["email"]))
            return None
        note("password accepted", who=user.ref_id)
        attempts.forget(what=attempts.PASSWORD, who=credentials["email"])
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: a password may have been looked over somebody's shoulder."""
        if not isinstance(user, User):
            return []
        code = user.has_second_factor
        url = reverse("mfa_reauthenticate" if code else "account_reauthenticate")
        return [{"id": "mfa_reauthenticate" if code else "reauthenticate", "url": url}]

    def login(self, request: HttpRequest, user: User) -> None:
        """The session begins; not for somebody whose account was closed between password and code."""
        if not user.is_active:
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        note("signed in", who=user.ref_id)
        sessions.begin(request.session)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Go where one wanted to go. A password just typed is enough to set up a second factor."""
        response: HttpResponse = super().post_login(request, user, **more)
        if not user.has_second_factor:
            reauthenticate_by_password(request)
        return response

    def set_password(self, user: User, password: str) -> None:
        account.set_password(user=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("workspace:account")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if said := MESSAGES.get(message_template or "", message):
            messages.add_message(request, level, str(said), extra_tags)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        account.tell(user=user, news=AccountNews.NEW_PASSWORD)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,  # noqa: ARG002
        email: str | None = None,  # noqa: ARG002
    ) -> None:
        account.tell(user=user, news=LETTERS[template_prefix])
