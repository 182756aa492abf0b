"""What people are asked when they prove who they are."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ConfirmByCode
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.sign_in import attempts
from accounts.sign_in.adapter import TOO_MANY, StaffAdapter
from accounts.sign_in.second_factor import (
    SecondFactorAdapter,
    is_current,
    pending_secret,
    proven_by,
)
from common.limits import TooManyAttempts

NEW_PASSWORD_HINT = _("At least 12 characters; three or four unusual words are easy to remember.")


class AddressField(forms.EmailField):
    """An address as an account has it, however it was typed."""

    def __init__(self) -> None:
        super().__init__(
            label=_("E-mail address"),
            widget=forms.EmailInput({"autocomplete": "username"}),
            error_messages={"required": _("Please enter your e-mail address.")},
        )

    def to_python(self, value: object) -> str:
        return attempts.account_named(str(super().to_python(value) or ""))


def password_field(
    label: StrOrPromise, *, new: bool = False, hint: StrOrPromise = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        help_text=hint,
        error_messages={"required": _("Please enter a password.")},
        widget=forms.PasswordInput({"autocomplete": "new-password" if new else "current-password"}),
    )


def code_field(hint: StrOrPromise) -> forms.CharField:
    widget = forms.TextInput(
        {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    )
    return forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=hint,
        widget=widget,
        error_messages={"required": _("Please enter a code.")},
    )


def counted(what: str, who: str) -> None:
    """Raise ValidationError when there were too many attempts, before anything secret is looked at."""
    try:
        attempts.count(context.request, what=what, who=who)
    except TooManyAttempts:
        raise StaffAdapter().validation_error(TOO_MANY) from None


class SignInForm(LoginForm):
    password = password_field(_("Password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField()


class ProvingForm:
    """Looks at a code of the person's second factor."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        counted(attempts.CODE, str(self.user.pk))
        found = proven_by(self.user, code)
        if found is None:
            raise SecondFactorAdapter().validation_error("incorrect_code")
        attempts.forget(what=attempts.CODE, who=str(self.user.pk))
        self.authenticator = found
        return code


class CodeForm(ProvingForm, AuthenticateForm):
    code = code_field(_("The six digits in your app, or one of your recovery codes."))


class ConfirmCodeForm(ProvingForm, ConfirmByCode):
    code = code_field(_("The six digits in your app, or one of your recovery codes."))


class ConfirmPasswordForm(ReauthenticateForm):
    password = password_field(_("Password"))


class SetUpForm(forms.Form):
    """The first code of an app, which shows that it took the secret."""

    code = code_field(_("The six digits the app shows now."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret = pending_secret(context.request.session)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        counted(attempts.CODE, str(self.user.pk))
        if not is_current(self.secret, code, self.user):
            raise SecondFactorAdapter().validation_error("incorrect_code")
        attempts.forget(what=attempts.CODE, who=str(self.user.pk))
        return code


class AskForLinkForm(ResetPasswordForm):
    """Whose password shall be new; whether there is such an account is not said."""

    email = AddressField()

    def clean_email(self) -> str:
        counted(attempts.LINK, self.cleaned_data["email"])
        address: str = super().clean_email()
        return address


class ChoosingForm:
    """A new password, typed twice."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        if again != self.cleaned_data.get("password1", again):
            raise forms.ValidationError(
                _("The two new passwords differ. Please type the same one twice.")
            )
        return again


class NewPasswordForm(ChoosingForm, ResetPasswordKeyForm):
    password1 = password_field(_("New password"), new=True, hint=NEW_PASSWORD_HINT)
    password2 = password_field(_("New password again"), new=True)


class ChangeForm(ChoosingForm, ChangePasswordForm):
    oldpassword = password_field(_("Present password"))
    password1 = password_field(_("New password"), new=True, hint=NEW_PASSWORD_HINT)
    password2 = password_field(_("New password again"), new=True)

    def clean_oldpassword(self) -> str:
        counted(attempts.PASSWORD, self.user.email)
        password: str = super().clean_oldpassword()
        attempts.forget(what=attempts.PASSWORD, who=self.user.email)
        return password
