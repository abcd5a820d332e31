"""Settings are typed, documented in one table, and refuse to be dangerous."""

import re

import pytest
from pydantic import ValidationError
from tests.shared import ROOT

from veche.site.config import Config
from veche.site.database import database

TABLE = ROOT / "docs" / "operations.md"


def documented():
    return set(re.findall(r"^\| `([A-Z_]+)`", TABLE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_setting_is_in_the_table_of_operations_and_nothing_else():
    names = {
        str(field.validation_alias or f"VECHE_{name.upper()}") for name, field in Config.model_fields.items()
    }
    assert names == documented() - {"VECHE_TRACEBACK"}


def test_production_refuses_to_start_without_a_secret_key(monkeypatch):
    monkeypatch.delenv("VECHE_SECRET_KEY", raising=False)
    with pytest.raises(ValidationError, match="VECHE_SECRET_KEY"):
        Config(production=True)


def test_production_refuses_to_be_a_demonstration():
    with pytest.raises(ValidationError, match="VECHE_DEMO"):
        Config(production=True, secret_key="x" * 40, demo=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "mysql://here/veche"),
        ("DATABASE_URL", "postgres://me@here:port/veche"),
        ("DATABASE_URL", "postgres://me@here"),
        ("VECHE_MAIL_URL", "smtp://here:port"),
        ("VECHE_PUBLIC_URL", "veche.example.org"),
        ("VECHE_PUBLIC_URL", "https://example.org/veche"),
        ("VECHE_CITY_DIR", "/no/such/folder"),
        ("VECHE_PORT", "front"),
        ("VECHE_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_stops_the_start(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Config()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:////srv/veche.sqlite3"),
        ("DATABASE_URL", "postgresql://me:p%40ss@/veche?host=/run/pg"),
        ("VECHE_PUBLIC_URL", "https://veche.example.org/"),
        ("VECHE_MAIL_URL", "smtp://me:word@here:587?tls=1"),
        ("VECHE_PORT", ""),
    ],
)
def test_a_right_value_and_an_empty_one_are_taken(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    assert Config().port == 8000


def test_a_database_address_of_another_kind_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="must begin with"):
        database("mysql://somewhere/veche", tmp_path, 4)


def test_a_database_address_may_hold_a_socket_and_odd_characters(tmp_path):
    found = database("postgres://me:p%40ss@/veche?host=/run/pg", tmp_path, 4)
    assert (found["HOST"], found["USER"], found["PASSWORD"], found["NAME"]) == (
        "/run/pg",
        "me",
        "p@ss",
        "veche",
    )
