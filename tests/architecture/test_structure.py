"""The house rules that no import contract can see."""

import ast
import inspect
import re

from django.apps import apps
from django.db import models

from backend.celery import app
from concerns.enums import Verb
from concerns.models import Ticket
from tests.architecture.source import PACKAGES, ROOT, called, calls, modules, storey_of

BULK = {"bulk_create", "bulk_update"}
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]


def test_foreign_keys_point_down_the_storeys_as_imports_do():
    upward = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in OUR_MODELS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label in PACKAGES
        if storey_of(field.related_model._meta.app_label) < storey_of(model._meta.app_label)
    ]

    assert upward == []


# Errands and sets of rules have states, too, and no machine.
WITH_STATES_OF_THEIR_OWN = ("notifications/", "concerns/actions/rule_sets.py")


def test_no_state_is_written_past_the_machine():
    bypasses = {"update", "bulk_update", "create", "get_or_create", "update_or_create"}
    found = [
        f"{name}:{call.lineno}"
        for name, call in calls()
        if called(call) in bypasses and not name.startswith(WITH_STATES_OF_THEIR_OWN)
        if any(keyword.arg == "state" for keyword in call.keywords)
    ]

    assert found == []


def test_tickets_are_written_in_bulk_at_the_desk_alone():
    """Where their events are written with them, and the deferred trigger compares the two."""
    found = {
        name
        for name, call in calls()
        if (called(call) in BULK and "Ticket.objects" in ast.unparse(call.func))
        or ast.unparse(call.func) == "storing.replace"
    }

    assert found == {"concerns/actions/desk.py"}


def test_events_are_made_at_the_desk_alone():
    makers = {name for name, call in calls() if called(call) == "Event" and call.keywords}

    assert makers == {"concerns/actions/desk.py"}


def test_doors_and_readers_write_nothing():
    writes = {"save", "bulk_create", "bulk_update", "delete", "update_or_create", "get_or_create"}
    readers = re.compile(
        r"^(portal|workspace|open311|chatbot_adapter|reporting|concerns/notices"
        r"|\w+/(api|queries|templatetags)\b)"
    )
    found = [
        f"{name}:{call.lineno} {called(call)}"
        for name, call in calls()
        if readers.match(name) and (called(call) in writes or on_rows(call))
    ]

    assert found == []


def on_rows(call):
    """`update` and `create` are a dictionary's words too; of rows they are said behind `objects` or `storing`."""
    said = ast.unparse(call.func)
    return said.startswith("storing.") or (
        called(call) in {"create", "update"} and ".objects" in said
    )


def test_every_transition_is_a_verb_of_the_record():
    machine = {
        transition.name
        for transition in Ticket._meta.get_field("state").get_all_transitions(Ticket)
    }

    assert machine - set(Verb.values) == set()


def test_tasks_take_keywords_and_have_a_name_of_their_own():
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    positional = [
        name
        for name, task in ours.items()
        if any(one.kind is not one.KEYWORD_ONLY for one in signature_of(task))
    ]

    assert positional == []
    assert [name for name in ours if name.split(".")[0] not in PACKAGES] == []


def signature_of(task):
    return [one for one in inspect.signature(task.run).parameters.values() if one.name != "self"]


def test_our_own_flow_uses_no_signals():
    listening = [
        f"{name}:{call.lineno}" for name, call in calls() if called(call) in {"receiver", "connect"}
    ]
    # Of processes that start, and of connections that are made.
    others = ("backend/runtime/", "common/apps.py:")

    assert [place for place in listening if not place.startswith(others)] == []


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    sources = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.*")
        if path.suffix in {".py", ".html"}
    ]
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sources
        if words.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_no_database_error_is_caught_inside_its_own_transaction():
    """PostgreSQL refuses everything after an error in a transaction; a savepoint must stand around what may fail."""
    errors = {"IntegrityError", "DatabaseError"}
    found = []
    for name, tree in modules().items():
        for block in [node for node in ast.walk(tree) if isinstance(node, ast.Try)]:
            caught = {
                getattr(kind, "id", "")
                for handler in block.handlers
                if handler.type
                for kind in ast.walk(handler.type)
            }
            guarded = any(
                "atomic" in ast.unparse(one.items[0])
                for one in block.body
                if isinstance(one, ast.With)
            )
            # What draws the page of an error stands outside every transaction.
            if caught & errors and not guarded and name != "backend/problems.py":
                found.append(f"{name}:{block.lineno}")

    assert found == []
