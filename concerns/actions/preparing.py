"""Files between arriving and being shown: asked about at the scanner, photos drawn anew. Safe twice, and two at once.

A file is claimed and the claim committed before anything is done to it: a photo that kills its worker is not tried
again at once. Nobody gives up: while the scanner is away, files are held, and `manage.py doctor` says so.
"""

import datetime as dt
import hashlib
import logging
import time

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction

from common.clamd import ScannerAway, finding
from common.clock import now
from common.photos import JPEG, Drawn, TooManyPixels, Unreadable, draw
from concerns.actions.uploads import PHOTOS, photo_name
from concerns.enums import FileRefusal, FileState
from concerns.models import Attachment
from concerns.models.attachment import LARGE, attachment_storage
from notifications import defects

# Longer than Celery lets a task live.
LEASE = dt.timedelta(minutes=6)
RUN_SECONDS = 60.0
# Minutes until the next try; the last again and again.
PAUSES = (0.5, 1, 5, 15, 30)
log = logging.getLogger(__name__)


def prepare_due(*, seconds: float = RUN_SECONDS) -> int:
    """Prepare what is held and due, until time is up; how many were claimed. The sweep goes on with the rest."""
    stop_at = time.monotonic() + seconds
    count = 0
    while time.monotonic() < stop_at and (attachment := claim()):
        attempt(attachment)
        count += 1
    return count


@transaction.atomic
def claim() -> Attachment | None:
    """The file that waits longest, for the length of a lease; None when none is due, or others have them all."""
    due = Attachment.objects.filter(state=FileState.HELD, next_attempt_at__lte=now())
    free = due.select_for_update(skip_locked=True, no_key=True)
    attachment = free.order_by("next_attempt_at", "pk").first()
    if attachment:
        attachment.attempts += 1
        attachment.next_attempt_at = now() + LEASE
        attachment.save(update_fields=["attempts", "next_attempt_at"])
    return attachment


def attempt(attachment: Attachment) -> None:
    """A file that cannot be prepared now waits; it must not keep those behind it from being seen."""
    try:
        prepare(attachment)
    except ScannerAway as fault:
        put_off(attachment, f"the scanner gives no verdict ({fault})")
    except (OperationalError, InterfaceError):
        raise
    except Exception as defect:  # noqa: BLE001 - see above
        put_off(attachment, defects.name(defect))


def put_off(attachment: Attachment, why: str) -> None:
    minutes = PAUSES[min(attachment.attempts, len(PAUSES)) - 1]
    held = Attachment.objects.filter(pk=attachment.pk, state=FileState.HELD)
    held.update(next_attempt_at=now() + dt.timedelta(minutes=minutes))
    log.warning("attachment %s is held: %s", attachment.pk, why)


def prepare(attachment: Attachment) -> None:
    """Decide on one file. Raises ScannerAway, and whatever the store raises."""
    with attachment.file.open("rb") as stored:
        content = stored.read()
    address = settings.CLAMD_ADDRESS
    if address and (harm := finding(content, address)):
        log.warning("attachment %s was deleted: the scanner found %s", attachment.pk, harm)
        refuse(attachment, FileRefusal.HARMFUL)
    elif attachment.media_type in PHOTOS:
        redraw(attachment, content)
    else:
        settle(attachment, state=FileState.READY)


def redraw(attachment: Attachment, content: bytes) -> None:
    try:
        drawn = draw(content, attachment.media_type)
    except (Unreadable, TooManyPixels):
        refuse(attachment, FileRefusal.UNREADABLE)
    else:
        keep(attachment, drawn)


def keep(attachment: Attachment, drawn: Drawn) -> None:
    """Put the drawn photo in the place of what was sent, unless that was erased or drawn by another meanwhile."""
    for size, content in drawn.content.items():
        attachment_storage().save(attachment.drawn_as(size), ContentFile(content))
    largest = drawn.content[LARGE]
    kept = settle(
        attachment,
        state=FileState.READY,
        file=attachment.drawn_as(LARGE),
        name=photo_name(attachment.name),
        media_type=JPEG,
        size=len(largest),
        sha256=hashlib.sha256(largest).hexdigest(),
        width=drawn.width,
        height=drawn.height,
    )
    for size in () if kept else drawn.content:
        attachment_storage().delete(attachment.drawn_as(size))


def refuse(attachment: Attachment, why: FileRefusal) -> None:
    settle(attachment, state=FileState.REFUSED, refusal=why, file="")


def settle(attachment: Attachment, **found: object) -> bool:
    """Say what became of a file, if it is still held; what was sent goes once its row no longer names it.

    A process killed in between leaves it to `sweep_files`.
    """
    sent: str = attachment.file.name or ""
    held = Attachment.objects.filter(pk=attachment.pk, state=FileState.HELD)
    settled = bool(held.update(**found))
    if settled and found.get("file", sent) != sent:
        attachment_storage().delete(sent)
    return settled
