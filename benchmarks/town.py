# ruff: noqa: SLF001 - `_meta` belongs to every Django model
"""A Perm as large as asked: the real pack, and rows laid straight into the tables, as the services would lay them."""

import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from veche.commons.accounts import services as accounts
from veche.commons.accounts.models import Person
from veche.commons.casework.models import Case, Clock, Step
from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places import services as counters
from veche.commons.places.models import CellCount
from veche.commons.places.terms import CityView
from veche.commons.search.models import Document
from veche.commons.submissions.models import Serial, Submission
from veche.kernel.geo import Point, cell_of
from veche.kernel.ids import new_id, number_of
from veche.kernel.pack import read_pack
from veche.kernel.refusals import Refusal
from veche.modules.reports import queries
from veche.modules.reports.models import Report
from veche.modules.reports.terms import REPORT, Status
from veche.site import packs
from veche.site.demonstration.stories import stories

CHUNK = 5_000
MADE = 100_000  # larger towns are copies of these, row by row, with keys and numbers of their own
_TOLD = 8_000  # so many different texts, as the demonstration of the pack tells them
_STATUSES = (Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.ANSWERED, Status.CONFIRMED, Status.REFUSED)


def build(count: int) -> CityView:
    """Bring the town to `count` reports; what is there already stays."""
    city = places.city_by_code("perm")
    if city is None:
        packs.load_pack(read_pack(packs.find("perm")), now=timezone.now())
        places.forget()
        city = places.city_by_code("perm")
    assert city is not None
    held = Report.objects.filter(city_id=city.id).count()
    if held < min(count, MADE):
        _fill(city, held, min(count, MADE))
        held = min(count, MADE)
    times = -(-count // held)
    for copy in range(1, times):
        _copy(copy)
        sys.stderr.write(f"\rtown: {(copy + 1) * held:,} of {count:,} reports ")
    if times > 1:
        _multiply(city, times)
    return city


def citizen() -> Person:
    """Who files in the benchmark."""
    person = accounts.register("citizen@bench.invalid", language="ru", now=timezone.now())
    accounts.confirm_contact(person, now=timezone.now())
    return person


def _fill(city: CityView, held: int, count: int) -> None:
    chance = random.Random(held)  # a benchmark must be repeatable
    spots = _spots(city, chance)
    told = _told(city)
    office_ids = list(offices.directory(city.id).offices)
    for start in range(held, count, CHUNK):
        rows = [
            _rows(city, chance, *chance.choice(spots), *chance.choice(told), chance.choice(office_ids))
            for _ in range(min(CHUNK, count - start))
        ]
        _write(rows)
        sys.stderr.write(f"\rtown: {min(start + CHUNK, count):,} of {count:,} reports ")
    sys.stderr.write("\ntown: counting the map\n")
    rows = Report.objects.filter(city_id=city.id).values_list("lat", "lon", "status", "group")
    counters.recount(REPORT, city.id, rows.iterator(CHUNK))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _copy(copy: int) -> None:
    """Lay every row of the made town once more: keys differ in one digit, numbers are higher; up to 15 times."""
    shift = copy * 10_000_000
    for model in (Submission, Case, Clock, Step, Report, Document):
        table = model._meta.db_table
        columns = [field.column for field in model._meta.concrete_fields]
        values = ", ".join(_copied(column, copy, shift) for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE TEMP TABLE IF NOT EXISTS "made_{table}" AS SELECT * FROM "{table}"')
            cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "made_{table}"')


def _copied(column: str, copy: int, shift: int) -> str:
    if column in {"id", "submission_id", "case_id", "subject_id", "revision"}:
        # The digit that says which version of UUID it is stands for the copy; the time before it is kept.
        return f"""substr("{column}", 1, 12) || '{(copy + 7) % 16:x}' || substr("{column}", 14)"""
    if column == "serial":
        return f"serial + {shift}"
    if column == "number":
        return f"CAST(CAST(number AS INTEGER) + {shift} AS TEXT) || '-0'"
    return f'"{column}"'


def _multiply(city: CityView, times: int) -> None:
    rows = CellCount.objects.filter(city_id=city.id, layer=REPORT)
    rows.update(count=F("count") * times, lat_sum=F("lat_sum") * times, lon_sum=F("lon_sum") * times)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _spots(city: CityView, chance: random.Random) -> list[tuple[Point, UUID]]:
    """Points inside the city with their places; most lie in the capital."""
    found: list[tuple[Point, UUID]] = []
    centres = [one for one in places.places_of(city.id).values() if one.depth]
    while len(found) < 4_000:
        centre = chance.choice(centres)
        point = Point(centre.lat + chance.gauss(0, 0.02), centre.lon + chance.gauss(0, 0.03))
        place = places.locate(city.id, point)
        if not isinstance(place, Refusal):
            found.append((point, place.id))
    return found


def _told(city: CityView) -> list[tuple[Any, str]]:
    """Categories with texts that people would write about them."""
    known = queries.catalogue(city).by_code
    told = stories(read_pack(packs.find("perm")), seed=1, count=_TOLD, now=datetime(2026, 11, 1, tzinfo=UTC))
    return [(known[one.category], f"{one.text} {one.address}") for one in told]


def _rows(
    city: CityView,
    chance: random.Random,
    point: Point,
    place_id: UUID,
    category: Any,
    text: str,
    office_id: UUID,
) -> tuple[Any, ...]:
    filed = datetime(2026, 11, 1, tzinfo=UTC) - timedelta(minutes=chance.randrange(60 * 24 * 730))
    status = chance.choice(_STATUSES)
    point = Point(point.lat + chance.uniform(-0.002, 0.002), point.lon + chance.uniform(-0.002, 0.002))
    return city, point, place_id, category, office_id, filed, status, text, chance.randint(1, 200)


@transaction.atomic
def _write(rows: list[tuple[Any, ...]]) -> None:
    serials = Serial.objects.bulk_create([Serial() for _ in rows], batch_size=CHUNK)
    made = [_made(serial.id, *row) for serial, row in zip(serials, rows, strict=True)]
    for model, at in ((Submission, 0), (Case, 1), (Clock, 2), (Step, 3), (Report, 4), (Document, 5)):
        model.objects.bulk_create([one[at] for one in made], batch_size=2_000)  # type: ignore[attr-defined]


def _made(
    serial: int, city: CityView, point: Point, place_id: UUID, category: Any, office_id: UUID, filed: datetime,
    status: Status, text: str, house: int,
) -> tuple[Any, ...]:  # fmt: skip
    report_id, address, due = new_id(), f"улица Ленина, {house}", filed + timedelta(days=30)
    answered = filed + timedelta(days=6) if status in {Status.ANSWERED, Status.CONFIRMED} else None
    open_ = status in {Status.ROUTED, Status.IN_WORK, Status.PLANNED}
    submission = Submission(
        id=report_id, city_id=city.id, serial=serial, language="ru", text=text, lat=point.lat, lon=point.lon,
        cell=cell_of(point), place_id=place_id, address=address, channel="web", received_at=filed,
    )  # fmt: skip
    case = Case(
        city_id=city.id, subject_kind=REPORT, subject_id=report_id, workflow="reports", status=status,
        office_id=office_id, clock="answer", due_at=due, opened_at=filed, answered_at=answered, steps_count=1,
        overdue_at=due if open_ else None,
    )  # fmt: skip
    clock = Clock(
        case=case, stage="answer", term="message-30", days=30, kind="calendar",
        source={"titles": {"ru": "Соглашение", "en": "Agreement"}, "article": "", "binding": False},
        started_at=filed, due_at=due, stopped_at=answered, missed_at=due if open_ else None,
    )  # fmt: skip
    step = Step(
        case=case, position=1, at=filed, verb="take", from_status="routed", to_status="in_work",
        actor_role="officer", office_id=office_id,
    )  # fmt: skip
    report = Report(
        id=report_id, city_id=city.id, submission=submission, case=case, serial=serial, category_id=category.id,
        group=category.group, status=status, overdue=open_, office_id=office_id, place_id=place_id, lat=point.lat,
        lon=point.lon, cell=cell_of(point), title=text[:139], folded=text[:139].lower(), address=address,
        filed_at=filed, due_at=due, answered_at=answered, supporters=serial % 7,
    )  # fmt: skip
    document = Document(
        subject_id=report_id, subject_kind=REPORT, city_id=city.id, number=number_of(serial), title=text[:139],
        body=text, happened_at=filed,
    )  # fmt: skip
    return submission, case, clock, step, report, document
