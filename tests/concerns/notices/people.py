"""Rita, whose address is confirmed, and how far her concern got; what many letters say."""

from concerns.actions.deciding import Answer, resolve
from concerns.actions.working import accept
from concerns.enums import Channel, Outcome
from tests.support.town import file

RITA = "rita@people.example"
SEE = {
    "en": "You see where your concern stands, and can write to us, here:",
    "de": "Hier sehen Sie, wie es um Ihr Anliegen steht, und können uns schreiben:",
}
PROOF = {
    "en": "Without the link you find it at https://northmoor.example/ with the reference REF and the PIN PIN.",
    "de": "Ohne den Link finden Sie es unter https://northmoor.example/ mit dem Aktenzeichen REF und der PIN PIN.",
}
FIXED = Answer(outcome=Outcome.FIXED, text="The hole is filled.")


def known(language, **more):
    """A concern whose person has a confirmed address, for it came by mail."""
    return file(email=RITA, channel=Channel.MAIL, language=language, **more)


def accepted(town, post, language):
    filed = known(language)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    post.out()
    return filed


def resolved(town, post, language):
    filed = accepted(town, post, language)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    post.out()
    return filed
