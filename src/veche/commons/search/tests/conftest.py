"""An index in a scratch folder, and documents of a small city."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from veche.commons.search import services
from veche.commons.search.adapters.on_disk import IndexOnDisk
from veche.commons.search.ports import EQUIPMENT
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

CITY = UUID("00000000-0000-7000-8000-00000000c17e")
KIND = "reports.report"
NOON = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)

Put = Callable[..., SubjectRef]


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexOnDisk:
    """An index of this test alone."""
    index = IndexOnDisk(tmp_path / "search")
    monkeypatch.setattr(EQUIPMENT, "index", index)
    return index


@pytest.fixture
def put() -> Put:
    """Put a document with words of its own; the rest is of no matter."""

    def make(title: str, body: str = "", **changes: object) -> SubjectRef:
        ref = changes.pop("ref", None) or SubjectRef(str(changes.pop("kind", KIND)), new_id())
        values = {"city_id": CITY, "number": "", "happened_at": NOON, **changes}
        services.put_document(ref, title=title, body=body, **values)
        return ref

    return make
