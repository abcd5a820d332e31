"""Point down by foreign key, up by name."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model, OneToOneField, UUIDField

# From the ground up; rooms of one row do not point at each other.
COMMONS_ROWS = (
    {"journal", "places", "accounts", "once"},
    {"offices", "media"},
    {"submissions", "casework", "votes", "discussion", "ledger", "notices", "search"},
)
# Why a primary key is no UUIDv7 made by us.
OTHER_KEYS = {
    "journal.Unsequenced": "a place in the line; the row goes when the fact has its place in the log",
    "journal.Leaf": "the place in the log, which all proofs count from",
    "notices.ClosedPost": "one row for each post at most, found by its name",
    "journal.Delivery": "never leaves its table; the narrow key keeps the index small",
    "places.CellCount": "a counter; it is found by its unique key",
    "submissions.Serial": "hands out the short numbers",
}


def our_models():
    ours = [*settings.VECHE_COMMONS, *settings.VECHE_MODULES]
    return [model for model in apps.get_models() if model._meta.app_config.name in ours]


def floor(model: type[Model]) -> tuple[int, str]:
    """How high a model lives; modules above all commons, each a floor of its own."""
    name = model._meta.app_config.name
    if name in settings.VECHE_MODULES:
        return 100, name
    room = name.rpartition(".")[2]
    return next(row for row, rooms in enumerate(COMMONS_ROWS) if room in rooms), name


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_no_foreign_key_points_upward_or_sideways(model):
    for field in model._meta.get_fields():
        if not isinstance(field, ForeignKey) or field.remote_field.parent_link:
            continue
        target = field.related_model
        if target._meta.app_config.name not in {*settings.VECHE_COMMONS, *settings.VECHE_MODULES}:
            pytest.fail(f"{model._meta.label}.{field.name} points out of the house at {target._meta.label}")
        here, there = floor(model), floor(target)
        assert here == there or there[0] < here[0], f"{field.name} points at {target._meta.label}"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_key_is_a_uuid_or_has_a_reason(model):
    key = model._meta.pk
    while isinstance(key, (ForeignKey, OneToOneField)):
        key = key.target_field
    assert isinstance(key, UUIDField) or model._meta.label in OTHER_KEYS


def test_no_model_inherits_from_a_model_of_another_room():
    for model in our_models():
        for parent in model._meta.parents:
            assert parent._meta.app_config is model._meta.app_config


def test_the_reasons_for_other_keys_name_models_that_exist():
    assert set(OTHER_KEYS) <= {model._meta.label for model in our_models()}
