"""The organisation and its rules, as a program looks them up."""

from collections.abc import Collection, Mapping
from typing import Any

from rest_framework import serializers

from common.clock import today
from common.words import in_language
from concerns.api.pages import PageOutput, PageQuery
from concerns.api.serializers.labels import PersonLabel
from concerns.enums import Audience, Kind, Priority
from departments.enums import Capability

ANY = "Empty: any."


class DepartmentOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    number = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment] # DRF takes fields off the class
        allow_null=True, help_text="The key of the department above it; null at the root."
    )
    mailbox = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    retired = serializers.BooleanField(help_text="Its last day is over.")
    successor = serializers.CharField(
        allow_null=True, help_text="The key of the one that does its work from then on."
    )


class DepartmentList(serializers.Serializer[Any]):
    results = DepartmentOutput(many=True)


def department_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `queries/directory.py:DEPARTMENT`."""
    until = row["valid_until"]
    return {
        **{name: row[name] for name in ("key", "number", "mailbox", "valid_from", "valid_until")},
        "name": in_language(row["names"]),
        "parent": row["parent__key"],
        "retired": until is not None and until < today(),
        "successor": row["successor__key"],
    }


class MemberQuery(PageQuery):
    department = serializers.CharField(
        max_length=50, required=False, help_text="The key of a department they have a duty in."
    )
    capability = serializers.ChoiceField(
        choices=Capability.choices, required=False, help_text="What they may do there."
    )


class MembershipOutput(serializers.Serializer[Any]):
    department = serializers.CharField(help_text="Its key. It holds for all below it, too.")
    capability = serializers.ChoiceField(choices=Capability.choices)


class MemberOutput(PersonLabel):
    memberships = MembershipOutput(many=True)


class MemberPage(PageOutput):
    results = MemberOutput(many=True)


def member_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": row["name"], "memberships": row["duties"]}


class RuleConditions(serializers.Serializer[Any]):
    """All must hold; the rule with the most of them wins."""

    category = serializers.CharField(
        allow_null=True, help_text="The slug of a category, those below it included. Null: any."
    )
    kind = serializers.ChoiceField(choices=Kind.choices, allow_blank=True, help_text=ANY)
    audience = serializers.ChoiceField(choices=Audience.choices, allow_blank=True, help_text=ANY)
    district = serializers.CharField(allow_null=True, help_text="The key of a district. Null: any.")
    keywords = serializers.ListField(
        child=serializers.CharField(), help_text="One of them stands in the text. Empty: any text."
    )
    area = serializers.JSONField(
        help_text="A GeoJSON Polygon or MultiPolygon that holds the place; null: any place."
    )
    answers = serializers.DictField(
        child=serializers.ListField(),
        help_text="Questions of the category by key, each answered with one of these. Empty: any answers.",
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        help_text="Days of filing in the city, Monday is 0. Empty: any.",
    )
    hours = serializers.ListField(
        child=serializers.CharField(),
        help_text="`[from, until]` in the city's time, the end not included; over midnight where it is earlier. "
        "Empty: any.",
    )


class RuleEffect(serializers.Serializer[Any]):
    department = serializers.CharField(help_text="The key of the department responsible.")
    confidential = serializers.BooleanField(help_text="Only a circle sees it.")
    circle = serializers.CharField(
        allow_null=True, help_text="Which one; null also for who may not know of it."
    )
    priority = serializers.ChoiceField(
        choices=Priority.choices, allow_null=True, help_text="What the ticket gets; null: as it is."
    )


class RuleOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    version = serializers.IntegerField()
    active = serializers.BooleanField()
    priority = serializers.IntegerField(help_text="Decides between rules that fit equally well.")
    conditions = RuleConditions()
    effect = RuleEffect()


class RuleList(serializers.Serializer[Any]):
    results = RuleOutput(many=True)


SAID_PLAINLY = ("kind", "audience", "channel", "area", "keywords", "answers", "weekdays", "hours")


def rule_shown(row: Mapping[str, Any], known_circles: Collection[str]) -> dict[str, Any]:
    """A row of `queries/directory.py:RULE`."""
    circle = row["circle__key"]
    return {
        **{name: row[name] for name in ("key", "version", "active", "priority")},
        "conditions": {
            **{name: row[name] for name in SAID_PLAINLY},
            "category": row["category__slug"],
            "district": row["district__key"],
        },
        "effect": {
            "department": row["department__key"],
            "confidential": circle is not None,
            "circle": circle if circle in known_circles else None,
            "priority": row["ticket_priority"],
        },
    }


class CauseOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    retired = serializers.BooleanField(help_text="No longer given, but older tickets have it.")


class CauseList(serializers.Serializer[Any]):
    results = CauseOutput(many=True)


def cause_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": row["key"], "name": in_language(row["names"]), "retired": row["retired"]}


class CircleMemberOutput(serializers.Serializer[Any]):
    """A person, or everybody with a capability in a department and below."""

    person = PersonLabel(allow_null=True)
    capability = serializers.ChoiceField(choices=Capability.choices, allow_null=True)
    department = serializers.CharField(allow_null=True, help_text="Its key.")


class CircleOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    members = CircleMemberOutput(many=True)


class CircleList(serializers.Serializer[Any]):
    results = CircleOutput(many=True)


def circle_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": row["key"],
        "name": in_language(row["names"]),
        "members": [circle_member_shown(member) for member in row["people"]],
    }


def circle_member_shown(member: Mapping[str, Any]) -> dict[str, Any]:
    person = member["id"] and {"id": member["id"], "name": member["name"]}
    return {
        "person": person,
        "capability": member["capability"] or None,
        "department": member["department"],
    }
