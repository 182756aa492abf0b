"""The nouns of the domain (CONTEXT.md) and the lifecycle of a ticket."""

from concerns.models.asset import Asset, Cause
from concerns.models.attachment import Attachment
from concerns.models.category import Category
from concerns.models.circle import Circle, CircleMember
from concerns.models.comparison import Comparison
from concerns.models.concern import Concern, Placement, Reporter
from concerns.models.conversation import Message, Note, Objection
from concerns.models.event import Event
from concerns.models.partner import Partner, Referral
from concerns.models.publication import Publication
from concerns.models.routing_rule import RoutingRule
from concerns.models.rule_set import RuleSet
from concerns.models.ticket import Exclusion, Involvement, Ticket

__all__ = [
    "Asset",
    "Attachment",
    "Category",
    "Cause",
    "Circle",
    "CircleMember",
    "Comparison",
    "Concern",
    "Event",
    "Exclusion",
    "Involvement",
    "Message",
    "Note",
    "Objection",
    "Partner",
    "Placement",
    "Publication",
    "Referral",
    "Reporter",
    "RoutingRule",
    "RuleSet",
    "Ticket",
]
