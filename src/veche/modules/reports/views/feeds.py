"""The same set as the list for machines: GeoJSON and Atom, streamed, without any personal data."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.ids import number_of
from veche.kernel.words import in_language
from veche.modules.reports import queries
from veche.modules.reports.forms.listing import filter_of, query_of, serial_in
from veche.modules.reports.terms import STATUS_WORDS, ReportFilter, ReportRow

MOST_FEATURES = 500
MOST_ENTRIES = 50
_CONTROL = {code: None for code in range(32) if code not in {9, 10, 13}}


class _Known:
    """The names of a city, looked up once for all rows."""

    def __init__(self, city: CityView) -> None:
        self.city = city
        self.categories = queries.catalogue(city).by_id
        self.offices = offices.directory(city.id).offices
        self.places = places.places_of(city.id)


@require_safe
def geojson(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """The reports of a filter as a FeatureCollection; `next` is the address of the following page."""
    here = _city(request)
    chosen, rows, more = _page(request, here, MOST_FEATURES)
    following = _following(request, here, "geojson", chosen, rows) if more else ""
    return StreamingHttpResponse(
        _spoken(_features(request, here, rows, following)),
        content_type="application/geo+json; charset=utf-8",
        headers=_headers(following),
    )


@require_safe
def atom(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """The reports of a filter as an Atom feed, paged as RFC 5005 says."""
    here = _city(request)
    chosen, rows, more = _page(request, here, MOST_ENTRIES)
    following = _following(request, here, "atom", chosen, rows) if more else ""
    return StreamingHttpResponse(
        _spoken(_entries(request, here, chosen, rows, following)),
        content_type="application/atom+xml; charset=utf-8",
        headers=_headers(following),
    )


def _spoken(pieces: Iterator[str]) -> Iterator[str]:
    """Say pieces in the language of the request, whenever the server comes to send them."""
    language = get_language() or "ru"

    def speak() -> Iterator[str]:
        with translation.override(language):
            yield from pieces

    return speak()


def _page(request: HttpRequest, city: CityView, limit: int) -> tuple[ReportFilter, Sequence[ReportRow], bool]:
    chosen = filter_of(request.GET)
    rows = queries.reports_page(city, chosen, before=serial_in(request.GET, "before"), limit=limit + 1)
    return chosen, rows[:limit], len(rows) > limit


def _features(
    request: HttpRequest, city: CityView, rows: Sequence[ReportRow], following: str
) -> Iterator[str]:
    head: dict[str, Any] = {"type": "FeatureCollection", "city": city.code}
    if following:
        head["next"] = following
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    known = _Known(city)
    for at, row in enumerate(rows):
        yield (",\n" if at else "\n") + json.dumps(_feature(request, known, row), ensure_ascii=False)
    yield "\n]}\n"


def _feature(request: HttpRequest, known: _Known, row: ReportRow) -> dict[str, Any]:
    category = known.categories[row.category_id]
    office = known.offices.get(row.office_id) if row.office_id else None
    place = known.places.get(row.place_id)
    return {
        "type": "Feature",
        "id": str(row.id),
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "number": number_of(row.serial),
            "url": _absolute(request, known.city, row),
            "title": row.title,
            "status": row.status,
            "overdue": row.overdue,
            "group": category.group,
            "category": category.code,
            "place": place.code if place else None,
            "office": office.code if office else None,
            "address": row.address,
            "filed_at": _iso(row.filed_at),
            "due_at": _iso(row.due_at),
            "answered_at": _iso(row.answered_at),
            "supporters": row.supporters,
        },
    }


def _entries(
    request: HttpRequest, city: CityView, chosen: ReportFilter, rows: Sequence[ReportRow], following: str
) -> Iterator[str]:
    base = request.build_absolute_uri(f"/{city.code}/reports")
    query = query_of(chosen)
    updated = max((row.answered_at or row.filed_at for row in rows), default=datetime(2000, 1, 1, tzinfo=UTC))
    language = get_language() or "ru"
    title = f"{gettext('Reports')}: {in_language(city.names, language)}"
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>\n'
        f"<id>{escape(base + query)}</id>\n<title>{escape(title)}</title>\n<updated>{_iso(updated)}</updated>\n"
        f"<author><name>{escape(gettext('Veche'))}</name></author>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(base + query)}/>\n'
        f'<link rel="self" type="application/atom+xml" href={quoteattr(request.build_absolute_uri())}/>\n'
    )
    if following:
        yield f'<link rel="next" type="application/atom+xml" href={quoteattr(following)}/>\n'
    known = _Known(city)
    for row in rows:
        yield _entry(request, known, row)
    yield "</feed>\n"


def _entry(request: HttpRequest, known: _Known, row: ReportRow) -> str:
    language = get_language() or "ru"
    category = known.categories[row.category_id]
    place = known.places.get(row.place_id)
    where = ", ".join(
        part for part in (in_language(place.names, language) if place else "", row.address) if part
    )
    summary = f"{gettext(STATUS_WORDS[row.status])}. {in_language(category.names, language)}. {where}"
    title = f"№ {number_of(row.serial)}. {row.title}"
    return (
        f"<entry><id>urn:uuid:{row.id}</id><title>{_text(title)}</title>"
        f'<link rel="alternate" type="text/html" href={quoteattr(_absolute(request, known.city, row))}/>'
        f"<published>{_iso(row.filed_at)}</published><updated>{_iso(row.answered_at or row.filed_at)}</updated>"
        f"<category term={quoteattr(category.code)}/><category term={quoteattr(row.status)}/>"
        f"<summary>{_text(summary)}</summary></entry>\n"
    )


def _text(text: str) -> str:
    """Text that XML may hold: control characters are none of it."""
    return escape(text.translate(_CONTROL))


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat()[:19] + "Z" if moment else None


def _absolute(request: HttpRequest, city: CityView, row: ReportRow) -> str:
    return request.build_absolute_uri(f"/{city.code}/reports/{number_of(row.serial)}")


def _following(
    request: HttpRequest, city: CityView, kind: str, chosen: ReportFilter, rows: Sequence[ReportRow]
) -> str:
    query = query_of(chosen, before=rows[-1].serial)
    return request.build_absolute_uri(f"/{city.code}/reports.{kind}{query}")


def _headers(following: str) -> dict[str, str]:
    own = {"Cache-Control": "public, max-age=60", "Vary": "Cookie, Accept-Encoding"}
    return {**own, "Link": f'<{following}>; rel="next"'} if following else own


def _city(request: HttpRequest) -> CityView:
    city: CityView = request.city  # type: ignore[attr-defined]
    return city


patterns = [
    path("reports.geojson", geojson, name="geojson"),
    path("reports.atom", atom, name="atom"),
]
