"""The Django project: settings, URLs, the REST root, Celery, and the embedded runtime."""

from backend.celery import app as celery_app

__all__ = ["celery_app"]
