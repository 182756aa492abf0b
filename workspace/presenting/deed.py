"""One act before it is done: on which ticket, what it asks, whether it is possible now, and what it will do to whom."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.actions.by_verb import Act
from concerns.actions.foretelling import OUTLOOKS, foretell
from concerns.enums import Verb
from concerns.errors import NotAllowed, Refused
from concerns.models import Concern, Ticket
from concerns.notices.foretelling import Foretold
from concerns.permissions import MAY
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import Company, company, concerns_on
from concerns.queries.tickets import timeline
from workspace.forms import FORMS, ActForm
from workspace.labels import BUTTONS, consequence
from workspace.presenting.glance import state_sentence, url_of
from workspace.presenting.timeline import event_row

# Acts that need people's own words in sight, and how many people are quoted.
QUOTING = frozenset(
    {Verb.ASK, Verb.RESOLVE, Verb.DECLINE, Verb.SUBMIT, Verb.APPROVE, Verb.MESSAGE, Verb.SPLIT}
)
QUOTED = 3
# Acts on one concern that are no transition of its ticket.
ON_ONE_OF_MANY = frozenset({Verb.DETACH, Verb.DECIDE_OBJECTION})


@dataclass(frozen=True)
class Deed:
    """What somebody is about to do to `pk`; `concern_id` is the one concern it is about, if not the whole ticket."""

    actor: Actor
    ticket: Ticket
    act: Act
    pk: int
    concern_id: int | None = None

    @property
    def verb(self) -> Verb:
        return self.act.verb

    @cached_property
    def there(self) -> Company:
        return company(self.ticket)

    def form(self, *args: Any, **kwargs: Any) -> ActForm:
        form_class = FORMS.get(self.verb, ActForm)
        return form_class(*args, ticket=self.ticket, actor=self.actor, **kwargs)

    def do(self, form: ActForm, version: int | None) -> object:
        return self.act.do(self.actor, self.pk, version, form.keywords())

    def foretell(self, form: ActForm, version: int | None) -> list[Foretold]:
        return foretell(
            actor=self.actor,
            ticket=self.ticket,
            verb=self.verb,
            said=form.keywords(),
            concern_id=self.concern_id,
            version=version,
        )

    def on(self, ticket: Ticket) -> "Deed":
        """The same act on the ticket as it stands now."""
        return replace(self, ticket=ticket)


def must_be_offered(deed: Deed) -> None:
    """Raise NotAllowed or Refused for an act this person may not do, or not now."""
    if is_offered(deed):
        return
    rule = MAY.get(deed.verb)
    if rule and not rule(deed.actor, deed.ticket):
        raise NotAllowed
    raise Refused


def is_offered(deed: Deed) -> bool:
    if deed.concern_id is not None and deed.verb in ON_ONE_OF_MANY:
        return MAY[deed.verb](deed.actor, deed.ticket)
    return deed.verb in allowed_actions(deed.actor, deed.ticket, deed.there)


def context_of(deed: Deed, form: ActForm, version: int) -> dict[str, Any]:
    """What workspace/action.html needs; `version` is the one the person decides on."""
    ticket = deed.ticket
    proposed = ticket.answer_message if deed.verb == Verb.APPROVE else None
    return {
        "ticket": {
            "number": ticket.pk,
            "title": ticket.title,
            "url": url_of(ticket),
            "state_sentence": state_sentence(ticket),
        },
        "action": {"code": deed.verb.value, "label": BUTTONS[deed.verb], "explanation": ""},
        "consequence": said_before(deed),
        "quoted": quoted(deed),
        "proposed": proposed.text if proposed else "",
        "can_preview": deed.verb in OUTLOOKS,
        "form": form,
        "version": version,
    }


def quoted(deed: Deed) -> list[Concern]:
    """What people said, for acts that answer it or take it apart; of many the first few."""
    if deed.verb not in QUOTING:
        return []
    concerns = concerns_on(deed.ticket).exclude(words="")
    if deed.concern_id is not None:
        concerns = concerns.filter(pk=deed.concern_id)
    return list(concerns[:QUOTED])


def said_before(deed: Deed) -> str:
    if deed.concern_id is not None and deed.verb == Verb.DETACH:
        return _("Only this concern leaves. It is handled on a ticket of its own, in triage.")
    return consequence(deed.verb, deed.there)


def news_since(ticket: Ticket) -> str:
    """The last thing that happened to a ticket, by whom and when."""
    last = timeline(ticket).first()
    if last is None:
        return ""
    told = event_row(last)
    return _("Last: %(what)s (%(who)s, %(when)s).") % {
        "what": told["sentence"],
        "who": told["actor"],
        "when": date_format(timezone.localtime(told["at"]), "SHORT_DATETIME_FORMAT"),
    }
