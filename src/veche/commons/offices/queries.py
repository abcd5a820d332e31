"""The directory of a city: offices, competences, officers."""

from collections.abc import Iterable
from threading import Lock
from uuid import UUID

from veche.commons.offices.models import Competence, Office, Officer
from veche.commons.offices.terms import CompetenceRow, Directory, OfficerView, OfficeView
from veche.commons.places import queries as places

_OFFICE = ("id", "code", "kind", "names", "parent_id", "hours", "channels", "valid_from", "valid_until")
_LINE = (
    "office_id",
    "office__code",
    "category",
    "place_id",
    "origin",
    "valid_from",
    "valid_until",
    "id",
)
_EMPTY = Directory({}, ())
_LOCK = Lock()
_KEPT: dict[UUID, tuple[int, Directory]] = {}


def directory(city_id: UUID) -> Directory:
    """A city's offices and competences; kept in the process for as long as the city's version stands.

    `directory(...).at(day)` is what holds on a day.
    """
    city = places.city_by_id(city_id)
    if city is None:
        return _EMPTY
    kept = _KEPT.get(city_id)
    if kept is not None and kept[0] == city.version:
        return kept[1]
    with _LOCK:
        kept = _KEPT[city_id] = (city.version, _read(city_id))
        return kept[1]


def officers_of(office_ids: Iterable[UUID | None]) -> dict[UUID, OfficerView]:
    """Who answers for these offices now, by person; heads first."""
    rows = Officer.objects.filter(
        office_id__in=[id_ for id_ in office_ids if id_], until_at=None, person__is_active=True
    )
    return {
        row[0]: OfficerView(*row)
        for row in rows.order_by("-is_head", "since_at", "id").values_list(
            "person_id", "office_id", "post", "is_head", "since_at"
        )
    }


def posts_of(person_id: UUID) -> list[OfficerView]:
    """The posts a person holds now, the latest last."""
    rows = Officer.objects.filter(person_id=person_id, until_at=None).order_by("since_at", "id")
    return [
        OfficerView(*row) for row in rows.values_list("person_id", "office_id", "post", "is_head", "since_at")
    ]


def _read(city_id: UUID) -> Directory:
    offices = Office.objects.filter(city_id=city_id).order_by("code").values_list(*_OFFICE)
    lines = Competence.objects.filter(city_id=city_id).order_by("id").values_list(*_LINE)
    return Directory(
        {row[0]: OfficeView(*row) for row in offices}, tuple(CompetenceRow(*row) for row in lines)
    )
