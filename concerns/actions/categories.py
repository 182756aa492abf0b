"""What an administrator changes of a category between two loads of the city's data."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.deadlines import Targets
from concerns.errors import Invalid, NotFound
from concerns.models import Category
from concerns.permissions import must_administer
from departments.models import Department
from departments.targets import Target

log = logging.getLogger(__name__)


@transaction.atomic
def adjust_category(
    *,
    actor: Actor,
    slug: str,
    department_id: int | None,
    first_response: Target,
    resolution: Target,
    needs_approval: bool,
    offered: bool,
) -> Category:
    """Default department, targets, four eyes, and whether it is offered; tickets keep what they have.

    Priorities with targets of their own keep those. Who takes a category away from a department must administer both.
    `load_city` sets again what the files say.
    """
    found = Category.objects.select_for_update().filter(slug=slug).first()
    if found is None:
        raise NotFound
    for touched in {found.default_department_id, department_id}:
        must_administer(actor, touched)
    check_targets(first_response, resolution)
    found.default_department_id = living(department_id)
    found.targets = {**found.targets, **Targets(first_response, resolution).stored}
    found.needs_approval, found.retired = needs_approval, not offered
    found.save()
    log.warning("%s adjusted the category %s", actor.ref, slug)
    return found


def check_targets(first: Target, last: Target) -> None:
    if not last.amount:
        raise Invalid(_("A result takes time. Please enter 1 or more."), field="resolution")
    if first.unit == last.unit and first.amount > last.amount:
        words = _("The first answer cannot be due after the result.")
        raise Invalid(words, field="first_response")


def living(department_id: int | None) -> int | None:
    if department_id is None:
        return None
    department = Department.objects.filter(pk=department_id).first()
    if department is None or department.is_retired:
        raise Invalid(_("Please choose a department."), field="department_id")
    return department.pk
