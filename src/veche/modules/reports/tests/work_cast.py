"""Reports in every state, for the tests of the workplace."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.cast import a_pothole

from veche.commons.accounts.terms import Actor
from veche.commons.casework.terms import Move
from veche.commons.media import services as photographs
from veche.commons.media.terms import DRAFT
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.terms import Status

ANSWER = "Мы засыпали яму и уложили новый асфальт."
_FIELDS = {
    "plan": {"planned_on"},
    "answer": {"text"},
    "refuse": {"text", "reason"},
    "not_ours": {"reason"},
    "send_back": {"text", "reason"},
}
REASONS = {"refuse": "no-funds", "not_ours": "private-land", "send_back": "not-done"}


def filed(city: Any, by: Actor, *, now: datetime, **changes: Any) -> Report:
    """A report as a citizen files it; a pothole goes to the roads department."""
    return services.file_report(a_pothole(city, **changes), city=city, by=by, now=now)


def unrouted(city: Any, by: Actor, *, now: datetime, **changes: Any) -> Report:
    """A report that no rule routes: a dark yard."""
    return filed(city, by, now=now, category="dark-yard", **changes)


def moved(report: Report, verb: str, by: Actor, *, now: datetime, **fields: Any) -> Report:
    """Take a step, with everything it needs."""
    needs = _FIELDS.get(verb, set())
    given: dict[str, Any] = {"text": ANSWER} if "text" in needs else {}
    if "reason" in needs:
        given["reason"] = REASONS[verb]
    if "planned_on" in needs:
        given["planned_on"] = now.date().replace(year=now.year + 1)
    photos = fields.pop("photos_from", None)
    move = Move(verb=verb, **(given | fields))
    return services.move_report(report.pk, move, by=by, now=now, photos_from=photos)


def a_draft_with_a_photo(city: Any, by: Actor, *, now: datetime, photos: int = 1) -> SubjectRef:
    """Photographs that wait for a report or an answer to be sent."""
    draft = SubjectRef(DRAFT, new_id())
    for _ in range(photos):
        file = BytesIO()
        Image.new("RGB", (64, 48), "green").save(file, "JPEG")
        upload = SimpleUploadedFile("pit.jpg", file.getvalue(), "image/jpeg")
        photographs.take_in(upload, subject=draft, city_id=city.id, owner_id=by.person_id, now=now)
    return draft


def notices_of(who: Actor) -> list[tuple[str, str]]:
    """What a person was told, in English: sentences with the addresses they lead to."""
    from django.utils import translation

    from veche.commons.notices.models import Notice
    from veche.commons.notices.queries import spoken

    rows = Notice.objects.filter(person_id=who.person_id).order_by("id")
    with translation.override("en"):
        return [(spoken(one.sentence, one.params), one.url) for one in rows]


def counted(city_id: UUID) -> dict[tuple[str, str], int]:
    """What the counters of the map hold, per status and group, at the lowest of their zooms."""
    from veche.commons.places.models import CellCount
    from veche.commons.places.terms import COUNTED_ZOOMS

    rows = CellCount.objects.filter(city_id=city_id, layer="reports.report", zoom=COUNTED_ZOOMS[0])
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.status and row.category and row.count:
            key = (row.status, row.category)
            found[key] = found.get(key, 0) + row.count
    return found


def there(city_id: UUID) -> dict[tuple[str, str], int]:
    """What the public reports are, per status and group."""
    found: dict[tuple[str, str], int] = {}
    for key in Report.objects.filter(city_id=city_id, hidden=False).values_list("status", "group"):
        found[key] = found.get(key, 0) + 1
    return found


__all__ = [
    "ANSWER",
    "REASONS",
    "Status",
    "a_draft_with_a_photo",
    "counted",
    "filed",
    "moved",
    "notices_of",
    "there",
    "unrouted",
]
