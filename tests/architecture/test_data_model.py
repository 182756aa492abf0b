"""The page about the data says of every column what it means, and is that of the models as they are."""

import pytest
from django.apps import apps

from reporting.management.commands.describe_data import (
    data_model_page,
    described_models,
    words,
)
from tests.architecture.source import PACKAGES, ROOT

KNOWN = words()


def test_every_model_of_ours_is_described():
    ours = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in PACKAGES
    }

    assert {model._meta.db_table for model in described_models()} == ours
    assert set(KNOWN["tables"]) == ours


@pytest.mark.parametrize("model", described_models(), ids=lambda model: model._meta.db_table)
def test_every_column_is_described_and_none_that_is_not_there(model):
    said = KNOWN["tables"][model._meta.db_table]
    columns = {field.column for field in model._meta.concrete_fields}

    assert said["meaning"].endswith(".")
    assert columns - set(said["columns"]) - set(KNOWN["everywhere"]) == set()
    assert set(said["columns"]) - columns == set()


def test_the_page_is_fresh():
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")

    assert page == data_model_page(), "Renew it: make schema"
