"""The sets of rules, for administrators. Rules decide over every department: who changes them administers all."""

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import ActorRef
from common.actor import Actor
from concerns.errors import NotAllowed, NotFound
from concerns.models import RuleSet
from concerns.permissions import must_administer
from departments.queries import administers_city


def must_administer_rules(actor: Actor) -> None:
    if not administers_city(actor):
        raise NotAllowed


def rule_sets(actor: Actor) -> QuerySet[RuleSet]:
    """All sets without their texts, the newest first, each with `author`, the name of who wrote it, or None.

    Raises NotAllowed unless the actor administers something.
    """
    must_administer(actor)
    person = ActorRef.objects.filter(pk=OuterRef("written_by")).values("user__name")
    return RuleSet.objects.annotate(author=Subquery(person[:1])).defer("source").order_by("-number")


def rule_set(actor: Actor, number: int) -> RuleSet:
    """One set with its text; NotFound when there is none."""
    found = rule_sets(actor).defer(None).filter(number=number).first()
    if found is None:
        raise NotFound
    return found
