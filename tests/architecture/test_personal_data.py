"""Personal data stand only where a model says so."""

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import PACKAGES

OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]
CAN_HOLD_WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.EmailField,
)
# Fields that hold codes, labels of the city's data, or hashes: what they may contain is decided by us, not by people.
CODES = {
    "accounts.ApiKey": {"prefix", "secret_hash"},
    "accounts.User": {"language", "notices"},
    "common.Attempt": {"key"},
    "common.IdempotentRequest": {"client", "key", "fingerprint", "body", "filling"},
    "common.ViewLog": {"actor_kind", "subject_kind", "purpose"},
    "concerns.Asset": {"key", "asset_type", "names"},
    "concerns.Attachment": {"direction", "media_type", "sha256", "state", "refusal"},
    "concerns.Category": {
        "slug",
        "path",
        "names",
        "descriptions",
        "icon",
        "kind",
        "audience",
        "keywords",
        "questions",
        "redirect",
        "targets",
    },
    "concerns.Cause": {"key", "names"},
    "concerns.Partner": {"key", "names", "email", "language"},
    "concerns.Circle": {"key", "names"},
    "concerns.CircleMember": {"capability"},
    "concerns.Comparison": {"finding"},
    "concerns.Concern": {
        "reference",
        "audience",
        "standing",
        "channel",
        "language",
        "kind",
        "privacy_version",
        "words_consent_version",
        "photos_consent_version",
        "restriction_reason",
        "hold_reason",
    },
    "concerns.Event": {
        "verb",
        "from_state",
        "to_state",
        "actor_kind",
        "data",
        "previous_hash",
        "hash",
    },
    "concerns.Message": {"direction", "kind"},
    "concerns.Objection": {"verdict"},
    "concerns.Placement": {"reason"},
    "concerns.Publication": {"rule"},
    "concerns.Reporter": {"wrapped_keys"},
    "concerns.RoutingRule": {
        *("key", "kind", "audience", "channel", "area"),
        *("keywords", "answers", "weekdays", "hours"),
    },
    "concerns.RuleSet": {"state", "source", "note", "problem"},
    "concerns.Ticket": {
        "state",
        "audience",
        "kind",
        "outcome",
        "responsible_body",
        "targets",
        "head_hash",
        "restriction_reason",
        "hold_reason",
    },
    "departments.Calendar": {"key", "country", "subdivision", "weekly_hours", "closed_days"},
    "departments.Department": {"key", "number", "names", "path", "mailbox"},
    "departments.Membership": {"capability"},
    # The city's own list of addresses, as published; whose they are stands nowhere.
    "geography.Address": {"label", "search", "postcode"},
    "geography.District": {"key", "number", "names", "level", "geometry"},
}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_every_field_that_can_hold_words_is_personal_or_a_known_code(model):
    declared = model.personal_fields
    fields = {field.name for field in model._meta.concrete_fields}
    wordy = {
        field.name for field in model._meta.concrete_fields if isinstance(field, CAN_HOLD_WORDS)
    }
    codes = CODES.get(model._meta.label, set())
    if model._meta.app_label == "notifications":
        codes = wordy - {"sealed"}

    assert declared - fields == set()
    assert wordy - declared - codes == set()
    assert codes - fields == set()


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_every_tie_to_a_person_is_declared(model):
    people = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label == "accounts.User"
    }
    # Whose work a ticket is, and whose program a key is, are facts of the organisation, not of a citizen.
    organisational = {"assignee", "decided_by", "user", "author"}

    assert people - model.personal_fields - organisational == set()
