"""Outgoing mail by SMTP."""

from backend.settings import env

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.whole("SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = env.whole("SMTP_TIMEOUT", 20, least=1)
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "anliegen@sachstand.invalid")
