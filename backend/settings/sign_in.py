"""How people of the city sign in: django-allauth, with e-mail and password, and a second factor where it is demanded.

Limits of attempts are ours (security.py): allauth's stand in the cache, which may be down.
"""

from backend.settings import env

# Whether people must have a second factor before they may work.
STAFF_MFA_REQUIRED = env.flag("STAFF_MFA_REQUIRED", default=False)
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.references.ResetTokens"  # noqa: S105 - a class
# Seconds a link for a new password works, and seconds a confirmation by password or code holds.
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "accounts.sign_in.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Steps of 30 seconds a phone's clock may be off (RFC 6238 recommends one).
MFA_TOTP_TOLERANCE = 1
