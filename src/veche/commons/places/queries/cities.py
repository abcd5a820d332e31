"""Cities, kept in the process and compared with the database by version."""

from collections.abc import Iterable
from datetime import UTC, datetime
from threading import RLock
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from veche.commons.places.models import City
from veche.commons.places.terms import CityView, TilesView
from veche.kernel.calendar import WorkCalendar
from veche.kernel.geo import Point
from veche.kernel.pack import calendar_from, terms_from, work_calendar

_YEARS_BACK, _YEARS_AHEAD = 15, 10


class _Shelf:
    """The cities of this process; replaced as a whole, so that readers need no lock."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._checked = 0.0
        self._by_id: dict[UUID, CityView] | None = None

    def cities(self) -> dict[UUID, CityView]:
        """The cities in their order, at most `directory_ttl_s` seconds old."""
        known, ttl = self._by_id, settings.CONFIG.directory_ttl_s
        if known is not None and ttl and monotonic() - self._checked < ttl:
            return known
        with self._lock:
            if self._by_id is None or not ttl or monotonic() - self._checked >= ttl:
                self._by_id = self._compared(self._by_id or {})
                self._checked = monotonic()
            return self._by_id

    def forget(self) -> None:
        """Compare with the database at the next question."""
        self._checked = float("-inf")

    def _compared(self, known: dict[UUID, CityView]) -> dict[UUID, CityView]:
        versions = list(City.objects.values_list("id", "version"))
        changed = [id_ for id_, version in versions if id_ not in known or known[id_].version != version]
        if not changed and len(versions) == len(known):
            return known
        fresh = known | {view.id: view for view in _read(changed)}
        return {id_: fresh[id_] for id_, _ in versions if id_ in fresh}


_SHELF = _Shelf()


def cities() -> list[CityView]:
    """The cities of this deployment in their order."""
    return list(_SHELF.cities().values())


def city_by_id(city_id: UUID) -> CityView | None:
    """One city."""
    return _SHELF.cities().get(city_id)


def city_by_code(code: str) -> CityView | None:
    """One city by the code that stands in addresses."""
    return next((city for city in _SHELF.cities().values() if city.code == code), None)


def forget() -> None:
    """Let this process see at once what it has just written."""
    _SHELF.forget()


def _read(ids: Iterable[UUID]) -> list[CityView]:
    return [_view(row) for row in City.objects.filter(id__in=ids)]


def _view(row: City) -> CityView:
    own = row.pack.get("city", {})
    languages = tuple(own.get("languages") or row.names)
    return CityView(
        id=row.id,
        code=row.code,
        names=row.names,
        tz=row.tz,
        country=row.country,
        calendar=_calendar(row.tz, row.pack),
        centre=Point(row.lat, row.lon),
        version=row.version,
        terms=terms_from(row.pack),
        pack=row.pack,
        is_demo=row.is_demo,
        languages=languages,
        default_language=own.get("default_language") or next(iter(languages), "en"),
        ground_version=row.ground_version,
        tiles=TilesView(**own["map"]) if own.get("map") else None,
    )


def _calendar(tz: str, pack: dict[str, Any]) -> WorkCalendar:
    if "calendar" not in pack:
        return WorkCalendar(ZoneInfo(tz))
    year = datetime.now(UTC).year
    return work_calendar(calendar_from(pack), range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1))
