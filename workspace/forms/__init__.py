"""What an act asks of the person who does it; one small form for each."""

from collections.abc import Mapping

from concerns.enums import Verb
from workspace.forms.base import ActForm, ReasonForm
from workspace.forms.correcting import (
    CategoryForm,
    CircleForm,
    CodeForm,
    ContactForm,
    HoldForm,
    PersonForm,
    PlaceForm,
    PriorityForm,
    ReadmitForm,
    SplitForm,
)
from workspace.forms.ending import (
    AnswerForm,
    DecideForm,
    DeclineForm,
    ReopenForm,
    ResolveForm,
    UpholdForm,
)
from workspace.forms.responsibility import (
    AssignForm,
    CompareForm,
    DepartmentForm,
    JoinForm,
    TransferForm,
)
from workspace.forms.working import (
    AskForm,
    FollowUpForm,
    HeardForm,
    NoteForm,
    ReferForm,
    RescheduleForm,
    ScheduleForm,
    SettleForm,
    ToPeopleForm,
)

__all__ = ["FORMS", "ActForm"]

FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.ROUTE: DepartmentForm,
    Verb.TRANSFER: TransferForm,
    Verb.HAND_BACK: ReasonForm,
    Verb.ASSIGN: AssignForm,
    Verb.SCHEDULE: ScheduleForm,
    Verb.RESCHEDULE: RescheduleForm,
    Verb.ASK: AskForm,
    Verb.RECORD_ANSWER: HeardForm,
    Verb.RECALL: ReasonForm,
    Verb.REFER: ReferForm,
    Verb.REPORT_BACK: HeardForm,
    Verb.RESOLVE: ResolveForm,
    Verb.DECLINE: DeclineForm,
    Verb.SUBMIT: AnswerForm,
    Verb.REJECT: ReasonForm,
    Verb.REOPEN: ReopenForm,
    Verb.UPHOLD: UpholdForm,
    Verb.DECIDE_OBJECTION: DecideForm,
    Verb.CLOSE_WITHDRAWN: ReasonForm,
    Verb.JOIN: JoinForm,
    Verb.COMPARE: CompareForm,
    Verb.SPLIT: SplitForm,
    Verb.DISCARD: ReasonForm,
    Verb.RESTORE: ReasonForm,
    Verb.PROPOSE_DISCARD: ReasonForm,
    Verb.DISMISS_DISCARD: ReasonForm,
    Verb.CATEGORISE: CategoryForm,
    Verb.RELOCATE: PlaceForm,
    Verb.PRIORITISE: PriorityForm,
    Verb.CORRECT_CONTACT: ContactForm,
    Verb.MESSAGE: ToPeopleForm,
    Verb.SETTLE: SettleForm,
    Verb.NOTE: NoteForm,
    Verb.FOLLOW_UP: FollowUpForm,
    Verb.FOLLOWED_UP: SettleForm,
    Verb.ENCIRCLE: CircleForm,
    Verb.LIFT_CIRCLE: ReasonForm,
    Verb.EXCLUDE: PersonForm,
    Verb.READMIT: ReadmitForm,
    Verb.RESTRICT: CodeForm,
    Verb.HOLD: HoldForm,
}
