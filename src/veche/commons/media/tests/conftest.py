"""Self-made pictures, a shelf in a scratch folder, and a darkroom of real processes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from veche.commons.media.adapters.darkroom import InlineDarkroom, ProcessDarkroom
from veche.commons.media.adapters.shelf import FolderShelf
from veche.commons.media.ports import EQUIPMENT
from veche.commons.media.terms import DRAFT
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

CITY = UUID("00000000-0000-7000-8000-00000000c17e")
NOW = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderShelf:
    """A shelf of this test alone, and the quick darkroom unless a test asks for the real one."""
    shelf = FolderShelf(tmp_path / "photos")
    monkeypatch.setattr(EQUIPMENT, "shelf", shelf)
    monkeypatch.setattr(EQUIPMENT, "darkroom", InlineDarkroom())
    return shelf


@pytest.fixture(scope="session")
def warm_darkroom() -> Iterator[ProcessDarkroom]:
    """One darkroom of real processes for the whole session."""
    darkroom = ProcessDarkroom(seats=1)
    yield darkroom
    darkroom.close()


@pytest.fixture
def real_darkroom(warm_darkroom: ProcessDarkroom, monkeypatch: pytest.MonkeyPatch) -> ProcessDarkroom:
    """Develop in a separate process, as in production."""
    monkeypatch.setattr(EQUIPMENT, "darkroom", warm_darkroom)
    return warm_darkroom


@pytest.fixture
def draft() -> SubjectRef:
    return SubjectRef(DRAFT, new_id())
