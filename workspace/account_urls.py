"""Coming in, leaving, and one's own password and second factor.

These are the addresses of allauth that we use, under the names it knows them by. Nothing else of it is mounted.
"""

from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache

from workspace.views import passwords, recovery_codes, second_factor, sign_in

PAGES = {
    "sign-in/": (sign_in.SignIn.as_view(), "account_login"),
    "sign-in/code/": (sign_in.EnterCode.as_view(), "mfa_authenticate"),
    "sign-out/": (sign_in.SignOut.as_view(), "account_logout"),
    "password/": (passwords.AskForLink.as_view(), "account_reset_password"),
    "password/sent/": (passwords.LinkSent.as_view(), "account_reset_password_done"),
    "account/password/": (passwords.ChangePassword.as_view(), "account_change_password"),
    "account/confirm/": (second_factor.ConfirmByPassword.as_view(), "account_reauthenticate"),
    "account/confirm/code/": (second_factor.ConfirmByCode.as_view(), "mfa_reauthenticate"),
    "account/second-factor/": (second_factor.SetUp.as_view(), "mfa_activate_totp"),
    "account/second-factor/remove/": (second_factor.Remove.as_view(), "mfa_deactivate_totp"),
    "account/recovery-codes/": (recovery_codes.show, "mfa_view_recovery_codes"),
    "account/recovery-codes/text/": (recovery_codes.download, "mfa_download_recovery_codes"),
    "account/recovery-codes/new/": (recovery_codes.Renew.as_view(), "mfa_generate_recovery_codes"),
}
urlpatterns: list[URLPattern] = [
    *(path(address, never_cache(view), name=name) for address, (view, name) in PAGES.items()),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(passwords.NewPassword.as_view()),
        name="account_reset_password_from_key",
    ),
]
