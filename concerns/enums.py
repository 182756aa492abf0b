"""The words of the domain, as codes; labels are for people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Who must act next (design.md §3)."""

    RECEIVED = "received", _("Received")
    IN_TRIAGE = "in_triage", _("In triage")
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_REPORTER = "waiting_reporter", _("Waiting for the reporting person")
    WAITING_EXTERNAL = "waiting_external", _("Waiting for a partner")
    SCHEDULED = "scheduled", _("Scheduled")
    PENDING_APPROVAL = "pending_approval", _("Waiting for approval")
    RESOLVED = "resolved", _("Resolved")
    DECLINED = "declined", _("Declined")
    REOPEN_REQUESTED = "reopen_requested", _("Reopening requested")
    MERGED = "merged", _("Joined to another ticket")
    CLOSED = "closed", _("Closed")
    DISCARDED = "discarded", _("Discarded")


# States in which somebody at the city still has work to do.
OPEN_STATES = (
    State.RECEIVED,
    State.IN_TRIAGE,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.WAITING_EXTERNAL,
    State.SCHEDULED,
    State.PENDING_APPROVAL,
    State.REOPEN_REQUESTED,
)
# States that may not be without a department.
OWNED_STATES = (
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.WAITING_EXTERNAL,
    State.SCHEDULED,
    State.PENDING_APPROVAL,
)
WAITING_STATES = (State.WAITING_REPORTER, State.WAITING_EXTERNAL)
ANSWERED_STATES = (State.RESOLVED, State.DECLINED)


class PublicState(models.TextChoices):
    """What a citizen is told; never the internal state."""

    RECEIVED = "received", _("Received")
    CHECKING = "checking", _("Being checked")
    IN_PROGRESS = "in_progress", _("In progress")
    NEEDS_REPLY = "needs_reply", _("Needs your answer")
    SCHEDULED = "scheduled", _("Planned")
    DONE = "done", _("Done")
    NOT_POSSIBLE = "not_possible", _("Not possible")


class Kind(models.TextChoices):
    DEFECT = "defect", _("Defect")
    COMPLAINT = "complaint", _("Complaint")
    REQUEST = "request", _("Request")
    IDEA = "idea", _("Idea")
    PRAISE = "praise", _("Praise")
    INCIDENT = "incident", _("IT incident")
    ORDER = "order", _("Order")


class Priority(models.IntegerChoices):
    """How a ticket stands among those that wait; the higher goes first."""

    LOW = -1, _("Low")
    NORMAL = 0, _("Normal")
    HIGH = 1, _("High")
    URGENT = 2, _("Urgent")


# What only employees file.
INTERNAL_KINDS = (Kind.INCIDENT, Kind.ORDER)


class Audience(models.TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")


class Channel(models.TextChoices):
    """The door a concern came in by."""

    PORTAL = "portal", _("Web page")
    API = "api", _("Programming interface")
    PHONE = "phone", _("Phone")
    COUNTER = "counter", _("Counter")
    MAIL = "mail", _("E-mail")
    LETTER = "letter", _("Letter")
    CHATBOT = "chatbot", _("Chatbot")
    OPEN311 = "open311", _("Open311")


class Standing(models.TextChoices):
    ACTIVE = "active", _("Active")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SPAM = "spam", _("Spam")


class Outcome(models.TextChoices):
    """Why a ticket ended as it did."""

    FIXED = "fixed", _("Fixed")
    ANSWERED = "answered", _("Answered")
    ADVICE_GIVEN = "advice_given", _("Advice given")
    NO_FAULT_FOUND = "no_fault_found", _("No fault found")
    ALREADY_PLANNED = "already_planned", _("Already planned")
    NOT_RESPONSIBLE = "not_responsible", _("Not our responsibility")
    CANNOT_DO = "cannot_do", _("Cannot be done")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ABUSE_SPAM = "abuse_spam", _("Abuse or spam")
    NO_REPLY = "no_reply", _("No reply")


RESOLVING_OUTCOMES = (
    Outcome.FIXED,
    Outcome.ANSWERED,
    Outcome.ADVICE_GIVEN,
    Outcome.NO_FAULT_FOUND,
    Outcome.ALREADY_PLANNED,
    Outcome.NO_REPLY,
)
DECLINING_OUTCOMES = (Outcome.NOT_RESPONSIBLE, Outcome.CANNOT_DO)


class PlacementReason(models.TextChoices):
    FILED = "filed", _("Filed")
    FOLLOWED = "followed", _("Followed")
    ADDED = "added", _("Reported as already known")
    JOINED = "joined", _("Joined")
    DETACHED = "detached", _("Detached")
    SPLIT = "split", _("Split")


class Direction(models.TextChoices):
    OUT = "out", _("From the city")
    IN = "in", _("To the city")


class FileState(models.TextChoices):
    """Whether a file may be handed out."""

    HELD = "held", _("This file is still being checked.")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Deleted")


class FileRefusal(models.TextChoices):
    """Why a file that had arrived was deleted again."""

    HARMFUL = (
        "harmful",
        _("The virus scanner found something harmful in this file. It was deleted."),
    )
    UNREADABLE = "unreadable", _("This photo is damaged and cannot be shown. It was deleted.")


class MessageKind(models.TextChoices):
    UPDATE = "update", _("Information")
    QUESTION = "question", _("Question")
    REPLY = "reply", _("Reply")
    ANSWER = "answer", _("Answer")
    OBJECTION = "objection", _("Objection")
    DECISION = "decision", _("Decision on an objection")


class Reported(models.TextChoices):
    """What a partner made of what was passed to it."""

    DONE = "done", _("It is done")
    NOT_OURS = "not_ours", _("It is not ours")


class Verdict(models.TextChoices):
    """What a reviewer made of an objection."""

    REOPENED = "reopened", _("Reopened")
    DETACHED = "detached", _("Handled separately")
    UPHELD = "upheld", _("The answer stands")


class RuleSetState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("In force")
    REPLACED = "replaced", _("Replaced")


class Finding(models.TextChoices):
    """What a person found when they compared two tickets."""

    SAME = "same", _("The same matter")
    DIFFERENT = "different", _("Another matter")
    LATER = "later", _("Decide later")


# What is said without an act of its own: the same matter is joined.
DECIDED = (Finding.DIFFERENT, Finding.LATER)


class Verb(models.TextChoices):
    """What an event says happened; the sentence for people is the label (design.md §1 Event)."""

    FILED = "filed", _("Concern filed")
    FOLLOWED = "followed", _("Somebody follows this matter")
    ADDED = "added", _("Reported once more")
    START_TRIAGE = "start_triage", _("Given to triage: no rule was sure")
    ROUTE = "route", _("Routed to a department")
    ACCEPT = "accept", _("Accepted")
    ASSIGN = "assign", _("Assigned to a person")
    RELEASE = "release", _("Released to the department")
    CATEGORISE = "categorise", _("Category corrected")
    RELOCATE = "relocate", _("Place corrected")
    PRIORITISE = "prioritise", _("Priority changed")
    ASK = "ask", _("Question asked")
    ANSWER = "answer", _("Question answered by the reporting person")
    RECORD_ANSWER = "record_answer", _("Answer recorded")
    RECALL = "recall", _("Waiting ended")
    REFER = "refer", _("Passed to a partner")
    REPORT_BACK = "report_back", _("Partner reported back")
    PARTNER_WORD = "partner_word", _("Partner wrote")
    REMIND = "remind", _("Reminder sent")
    EXPIRE = "expire", _("Waiting time ran out")
    DUE_SOON = "due_soon", _("Deadline is near")
    OVERDUE = "overdue", _("Deadline has passed")
    FAR_OVERDUE = "far_overdue", _("Deadline passed long ago")
    UNACCEPTED = "unaccepted", _("Nobody has accepted it in time")
    SCHEDULE = "schedule", _("Scheduled")
    RESCHEDULE = "reschedule", _("Scheduled for another date")
    START = "start", _("Work started")
    SUBMIT = "submit", _("Submitted for approval")
    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Approval refused")
    RETRACT = "retract", _("Submission retracted")
    RESOLVE = "resolve", _("Resolved")
    DECLINE = "decline", _("Declined")
    CLOSE = "close", _("Closed")
    CLOSE_WITHDRAWN = "close_withdrawn", _("Closed after withdrawal")
    REOPEN = "reopen", _("Reopened")
    REVIEW = "review", _("Reopening requested")
    UPHOLD = "uphold", _("Answer upheld")
    TRANSFER = "transfer", _("Transferred to another department")
    HAND_BACK = "hand_back", _("Handed back to triage")
    JOIN = "join", _("Joined to another ticket")
    ABSORB = "absorb", _("Took in another ticket")
    COMPARE = "compare", _("Compared with another ticket")
    DETACH = "detach", _("Detached")
    GIVE_UP = "give_up", _("A concern left for another ticket")
    SPLIT = "split", _("A second matter was split off")
    DISCARD = "discard", _("Discarded as spam")
    RESTORE = "restore", _("Restored")
    PROPOSE_DISCARD = "propose_discard", _("Proposed for discarding")
    DISMISS_DISCARD = "dismiss_discard", _("Proposal to discard dismissed")
    MARK_SPAM = "mark_spam", _("One concern marked as spam")
    UNMARK_SPAM = "unmark_spam", _("One concern is no longer spam")
    CONFIRM = "confirm", _("Result confirmed by a person")
    OBJECT = "object", _("A person objected")
    DECIDE_OBJECTION = "decide_objection", _("Objection decided")
    WITHDRAW = "withdraw", _("A person withdrew their concern")
    RATE = "rate", _("Result rated")
    MESSAGE = "message", _("Message sent")
    REPLY = "reply", _("Message received")
    ATTACH = "attach", _("Files received")
    SETTLE = "settle", _("Unanswered message dealt with")
    NOTE = "note", _("Note added")
    FOLLOW_UP = "follow_up", _("Follow-up planned")
    FOLLOW_UP_DUE = "follow_up_due", _("The day of the follow-up has come")
    FOLLOWED_UP = "followed_up", _("Follow-up done")
    CONFIRM_ADDRESS = "confirm_address", _("E-mail address confirmed")
    CORRECT_CONTACT = "correct_contact", _("Contact data corrected")
    RENEW_PROOF = "renew_proof", _("New link and PIN given")
    BOUNCE = "bounce", _("A message could not be delivered")
    PUBLISH = "publish", _("Published")
    UNPUBLISH = "unpublish", _("Publication withdrawn")
    ENCIRCLE = "encircle", _("Made confidential")
    LIFT_CIRCLE = "lift_circle", _("No longer confidential")
    EXCLUDE = "exclude", _("A person was excluded")
    READMIT = "readmit", _("An excluded person was admitted again")
    RESTRICT = "restrict", _("Processing restricted")
    UNRESTRICT = "unrestrict", _("Restriction lifted")
    HOLD = "hold", _("Kept from erasure")
    UNHOLD = "unhold", _("No longer kept from erasure")
