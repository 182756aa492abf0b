"""What staff can do to a ticket, one row for each act. A door adds what it asks a person for, nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from common.actor import Actor
from concerns.actions import (
    comparing,
    contact,
    correcting,
    deciding,
    ending,
    following_up,
    joining,
    proving,
    referring,
    responsibility,
    safeguarding,
    screening,
    waiting,
    words,
    working,
)
from concerns.enums import Verb

On = Literal["ticket_id", "concern_id", "objection_id"]


@dataclass(frozen=True, slots=True)
class Act:
    """A verb and its action; `on` is the parameter that names what it is done to: the ticket or a part of it."""

    verb: Verb
    action: Callable[..., object]
    on: On = "ticket_id"
    versioned: bool = True

    def do(self, actor: Actor, pk: int, version: int | None, said: Mapping[str, Any]) -> object:
        """Do it to `pk`, decided on this version of the ticket; `said` holds the action's other keywords."""
        seen = version if self.versioned else None
        return self.action(actor=actor, version=seen, **{self.on: pk}, **said)


ACTS = (
    # Who does it
    Act(Verb.ROUTE, responsibility.route),
    Act(Verb.TRANSFER, responsibility.transfer),
    Act(Verb.HAND_BACK, responsibility.hand_back),
    Act(Verb.ACCEPT, working.accept),
    Act(Verb.ASSIGN, working.assign),
    Act(Verb.RELEASE, working.release),
    # Work and waits
    Act(Verb.SCHEDULE, working.schedule),
    Act(Verb.RESCHEDULE, working.schedule),
    Act(Verb.START, working.start),
    Act(Verb.ASK, waiting.ask),
    Act(Verb.RECORD_ANSWER, waiting.record_answer),
    Act(Verb.REFER, referring.refer),
    Act(Verb.REPORT_BACK, referring.report_back),
    Act(Verb.RECALL, waiting.recall),
    # The answer
    Act(Verb.RESOLVE, deciding.resolve),
    Act(Verb.DECLINE, deciding.decline),
    Act(Verb.SUBMIT, deciding.submit),
    Act(Verb.APPROVE, deciding.approve),
    Act(Verb.REJECT, deciding.reject),
    Act(Verb.RETRACT, deciding.retract),
    # After it
    Act(Verb.REOPEN, ending.reopen),
    Act(Verb.UPHOLD, ending.uphold),
    Act(Verb.DECIDE_OBJECTION, ending.decide_objection, "objection_id"),
    Act(Verb.CLOSE_WITHDRAWN, ending.close_withdrawn),
    # The same matter, two matters, no matter
    Act(Verb.JOIN, joining.join),
    Act(Verb.COMPARE, comparing.compare),
    Act(Verb.DETACH, joining.detach),
    Act(Verb.DETACH, joining.detach_concern, "concern_id"),
    Act(Verb.SPLIT, joining.split, "concern_id"),
    Act(Verb.DISCARD, screening.discard),
    Act(Verb.RESTORE, screening.restore),
    Act(Verb.PROPOSE_DISCARD, screening.propose_discard),
    Act(Verb.DISMISS_DISCARD, screening.dismiss_discard),
    Act(Verb.MARK_SPAM, screening.mark_spam, "concern_id"),
    Act(Verb.UNMARK_SPAM, screening.unmark_spam, "concern_id"),
    # Words and corrections
    Act(Verb.MESSAGE, words.send_message),
    Act(Verb.SETTLE, words.settle),
    # A note is true whatever happened meanwhile.
    Act(Verb.NOTE, words.note, versioned=False),
    Act(Verb.FOLLOW_UP, following_up.follow_up),
    Act(Verb.FOLLOWED_UP, following_up.followed_up),
    Act(Verb.CATEGORISE, correcting.categorise),
    Act(Verb.RELOCATE, correcting.relocate),
    Act(Verb.PRIORITISE, correcting.prioritise),
    Act(Verb.CORRECT_CONTACT, contact.correct_contact, "concern_id"),
    Act(Verb.RENEW_PROOF, proving.renew_proof, "concern_id"),
    # Who may know, and what is kept
    Act(Verb.PUBLISH, correcting.publish),
    Act(Verb.UNPUBLISH, correcting.unpublish),
    Act(Verb.ENCIRCLE, safeguarding.encircle),
    Act(Verb.LIFT_CIRCLE, safeguarding.lift_circle),
    Act(Verb.EXCLUDE, safeguarding.exclude),
    Act(Verb.READMIT, safeguarding.readmit),
    Act(Verb.RESTRICT, safeguarding.restrict),
    Act(Verb.UNRESTRICT, safeguarding.unrestrict),
    Act(Verb.HOLD, safeguarding.hold),
    Act(Verb.UNHOLD, safeguarding.unhold),
)
BY_VERB: Mapping[tuple[On, str], Act] = {(act.on, act.verb): act for act in ACTS}
