"""A world for acts, on a database that many may use at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from tests.once.acts import World

from veche.commons.media.adapters.darkroom import InlineDarkroom
from veche.commons.media.adapters.shelf import FolderShelf
from veche.commons.media.ports import EQUIPMENT


@pytest.fixture
def world(
    transactional_db: None,
    perm: Any,
    alice: Any,
    boris: Any,
    dina: Any,
    mila: Any,
    adele: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The small city with its people, kept where every thread has a connection of its own."""
    monkeypatch.setattr(EQUIPMENT, "shelf", FolderShelf(tmp_path / "photos"))
    monkeypatch.setattr(EQUIPMENT, "darkroom", InlineDarkroom())
    monkeypatch.setattr(settings.CONFIG, "demo", True)
    # Attempts are counted beyond the end of a test, and here all come from one address.
    monkeypatch.setattr(settings, "ACCOUNT_RATE_LIMITS", {})
    cache.clear()
    with _for_many(tmp_path / "house.sqlite3"):
        # What is sent happens now, and so did what came before it.
        yield World(perm, timezone.now(), alice=alice, boris=boris, dina=dina, mila=mila, adele=adele)


class _for_many:  # noqa: N801 - a context manager
    """The test's database in a file, where SQLite keeps it in memory: there it has only one connection."""

    def __init__(self, path: Path) -> None:
        self._path, self._memory = path, connections["default"]
        self._moves = self._memory.vendor == "sqlite" and self._memory.is_in_memory_db()

    def __enter__(self) -> None:
        if not self._moves:
            return
        self._memory.ensure_connection()
        with closing(sqlite3.connect(self._path)) as file:
            self._memory.connection.backup(file)
        self._name = self._memory.settings_dict["NAME"]
        connections.settings["default"] = self._memory.settings_dict | {"NAME": str(self._path)}
        connections["default"] = connections.create_connection("default")

    def __exit__(self, *_: object) -> None:
        if self._moves:
            connections["default"].close()
            connections.settings["default"] = self._memory.settings_dict
            connections["default"] = self._memory
