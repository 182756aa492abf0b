"""Who does something. Built once at the door, passed first to every action."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from uuid import UUID


class ActorKind(StrEnum):
    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"
    PARTNER = "partner"
    INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program at a door, with what it has proven and what it was granted.

    `grants` holds (capability, department id) pairs, already spread over everything below the department a
    membership names, so that deciding a right needs no query. `concern_id` is the concern whose ownership was
    proven by token or PIN, `ticket_id` the one ticket that a partner's link opens. `lent` are those of the grants that
    are a colleague's: somebody whose deputy this person is today, of whom `stands_in_for` holds the user ids. `ref` is
    what events keep: retention empties what it points to, never the event.
    """

    kind: ActorKind
    ref: UUID | None = None
    user_id: int | None = None
    grants: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    concern_id: int | None = None
    ticket_id: int | None = None
    lent: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    stands_in_for: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def system(cls) -> Self:
        return cls(kind=ActorKind.SYSTEM)

    @classmethod
    def anonymous(cls) -> Self:
        """Somebody at a public door who has proven nothing yet."""
        return cls(kind=ActorKind.CITIZEN)

    @classmethod
    def citizen(cls, concern_id: int) -> Self:
        """The author of a concern, proven by token or PIN."""
        return cls(kind=ActorKind.CITIZEN, concern_id=concern_id)

    @classmethod
    def partner(cls, ticket_id: int) -> Self:
        """A body outside the city, proven by the link of a referral."""
        return cls(kind=ActorKind.PARTNER, ticket_id=ticket_id)

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def is_staff(self) -> bool:
        return self.kind is ActorKind.STAFF

    def holds(self, capability: str, department_id: int | None) -> bool:
        """Whether the capability was granted in that very department (or above it)."""
        return department_id is not None and (capability, department_id) in self.grants

    def has(self, capability: str) -> bool:
        """Whether the capability was granted anywhere."""
        return any(granted == capability for granted, _ in self.grants)

    def departments(self, capabilities: Iterable[str] | None = None) -> frozenset[int]:
        """The departments in which any of the capabilities (default: any at all) was granted."""
        wanted = None if capabilities is None else frozenset(capabilities)
        return frozenset(dep for cap, dep in self.grants if wanted is None or cap in wanted)

    def own_departments(self, capability: str) -> frozenset[int]:
        """The departments in which the person holds the capability themself, not for a colleague who is away."""
        return frozenset(dep for cap, dep in self.grants - self.lent if cap == capability)
