"""Doorbells of the domain."""

from celery import shared_task

from concerns.actions.absences import forget_absences
from concerns.actions.attaching import sweep_files as sweep_files_now
from concerns.actions.contact import forget_former as forget_former_now
from concerns.actions.escalating import escalate
from concerns.actions.following_up import bring_up
from concerns.actions.informing import inform as inform_now
from concerns.actions.preparing import prepare_due
from concerns.actions.rule_sets import activate_due
from concerns.actions.tending import tend as tend_now
from notifications.bells import heard


@shared_task(name="concerns.tend")
def tend() -> None:
    """Reminders, expiries, starts and closings that are due, and sets of rules whose day has come."""
    activate_due()
    tend_now()


@shared_task(name="concerns.inform")
def inform() -> None:
    """The daily mail to the city's people, and all alarms that come by the clock."""
    escalate()
    bring_up()
    inform_now()


@shared_task(name="concerns.forget_former")
def forget_former() -> None:
    """Delete e-mail addresses that were replaced and told so, and absences that are long over."""
    forget_former_now()
    forget_absences()


@shared_task(name="concerns.sweep_files")
def sweep_files() -> None:
    """Delete files that a process left behind when it was killed."""
    sweep_files_now()


@shared_task(name="concerns.prepare_files")
def prepare_files() -> None:
    """Look through files that are held; also what nobody rang for, and what waits for the scanner."""
    heard(prepare_files.s())
    prepare_due()
