"""The Celery application; tasks are found in each app's `tasks` module."""

import os
from typing import Any

from celery import Celery, Task

from common import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings.development")
HEADER = "request_id"


class Named(Task):  # type: ignore[type-arg] # its type arguments exist in the stubs alone
    """A task that works under the id of the request that rang for it; one that beat rings for gets its own."""

    def apply_async(self, *args: Any, headers: dict[str, str] | None = None, **more: Any) -> Any:  # noqa: ANN401
        name = request_id.current()
        named = {**(headers or {}), HEADER: name} if name else headers
        return super().apply_async(*args, headers=named or {}, **more)

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:  # noqa: ANN401, ARG002 - Celery's signature
        request_id.begin(getattr(self.request, HEADER, None) or task_id)


app = Celery("sachstand", task_cls=Named)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
