"""The public list of reports, and how a reader narrows it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.ids import number_of
from veche.kernel.words import in_language
from veche.modules.reports import queries
from veche.modules.reports.forms.listing import filter_of, query_of, serial_in, without
from veche.modules.reports.queries.asking import Remembered
from veche.modules.reports.queries.board import Board, Line, board, id_of, moment_of
from veche.modules.reports.terms import STATUS_WORDS, ReportFilter
from veche.modules.reports.views.keeping import kept_page
from veche.modules.reports.views.words import Words, office_names, pieces, words_of


class Chip(NamedTuple):
    """An active filter in words, and the address of the list without it."""

    words: str
    url: str


class Option(NamedTuple):
    """A choice of the filter form; `depth` indents it."""

    value: str
    name: str
    chosen: bool
    depth: int = 0


class Choices(NamedTuple):
    """What the filter form offers."""

    categories: Sequence[Option]
    statuses: Sequence[Option]
    places: Sequence[Option]
    offices: Sequence[Option]


@require_safe
def report_list(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """The reports of a city, newest first, narrowed as the address says."""
    here: CityView = request.city  # type: ignore[attr-defined]
    chosen = filter_of(request.GET)
    before, after = serial_in(request.GET, "before"), serial_in(request.GET, "after")
    asked = Remembered()
    page = _list(request, chosen, board(here, chosen, before=before, after=after, asking=asked))
    # What the search finds is not in the tables, so a page of it cannot be proved to be the same.
    return page if chosen.text else kept_page(request, page, here, asked)


def _list(request: HttpRequest, chosen: ReportFilter, page: Board) -> HttpResponse:
    here: CityView = request.city  # type: ignore[attr-defined]
    lines, base = page.lines, f"/{here.code}/reports"
    top, side = _around(here, get_language() or "ru", chosen)
    context = {
        "base": base,
        "query": query_of(chosen),
        "p": pieces(),
        "top": top,
        "side": side,
        "rows": rows_of(here, lines),
        "newer": base + query_of(chosen, after=lines[0].serial) if page.has_newer and lines else "",
        "older": base + query_of(chosen, before=lines[-1].serial) if page.has_older and lines else "",
    }
    return render(request, "reports/list.html", context)


def rows_of(city: CityView, lines: Sequence[Line], *, level: int = 2) -> Markup:
    """The lines of a list, drawn. All but the title, the address and the numbers is kept from earlier lists."""
    words, known = words_of(city), office_names(city)
    now = timezone.now()
    today = city.calendar.local_date(now)
    frame, base = words.row(level), f"/{city.code}/reports/"
    nobody = escape(gettext("the dispatcher chooses"))
    drawn = []
    for line in lines:
        place = words.places.get(line.place, "")
        number = number_of(line.serial)
        drawn.append(
            frame
            % {
                "url": base + number,
                "number": number,
                "title": escape(line.title),
                "badge": words.badge(line.status, bool(line.overdue)),
                "category": words.categories[line.category],
                "office": known.get(line.office, "") if line.office else nobody,
                "where": f"{place}, {escape(line.address)}" if line.address else place,
                "filed": words.day(moment_of(line.filed_at)),
                "term": words.term(line.due_at, line.status, now, today),
                "joined": words.joined(line.supporters),
                "photo": pieces().row_photo(id_of(line.photo)) if line.photo else "",
            }
        )
    return Markup("".join(drawn))  # noqa: S704 - escaped piece by piece above


def top_of(city: CityView, chosen: ReportFilter, *, title: str, is_map: bool = False) -> Markup:
    """What stands above a list and a map: their two faces, the filters, and what is chosen."""
    query = query_of(chosen)
    list_url, map_url = f"/{city.code}/reports", f"/{city.code}/map"
    base = map_url if is_map else list_url
    chips = chips_of(city, chosen, base)
    choices = choices_of(city, chosen, get_language() or "ru")
    return Markup(  # noqa: S704 - our own macro
        pieces().top(title, base, list_url + query, map_url + query, is_map, chosen, chips, choices)
    )


@lru_cache(maxsize=256)
def _around(city: CityView, _language: str, chosen: ReportFilter) -> tuple[Markup, Markup]:
    """What stands above and beside the list: long, and the same for everybody who chose the same."""
    query = query_of(chosen)
    top = top_of(city, chosen, title=gettext("Reports"))
    return top, Markup(  # noqa: S704 - our own macro
        pieces().elsewhere(f"/{city.code}/reports", query, f"/{city.code}/map{query}")
    )


def chips_of(city: CityView, chosen: ReportFilter, base: str) -> list[Chip]:
    """The active filters, each with the address that takes it away."""
    words = words_of(city)
    known = queries.catalogue(city).by_code
    found: list[tuple[str, str, str]] = []
    for name, label, code in (
        ("category", gettext("Category"), chosen.category),
        ("group", gettext("Category"), chosen.group),
    ):
        if code:
            found.append((name, label, words.name(known[code].names) if code in known else code))
    if chosen.status:
        found.append(("status", gettext("Status"), gettext(STATUS_WORDS[chosen.status])))
    if chosen.overdue:
        found.append(("overdue", gettext("Term"), gettext("overdue")))
    if chosen.place:
        found.append(("place", gettext("Place"), _named(places.places_of(city.id), chosen.place, words)))
    if chosen.office:
        found.append(
            ("office", gettext("Office"), _named(offices.directory(city.id).offices, chosen.office, words))
        )
    if chosen.text:
        found.append(("text", gettext("Words"), chosen.text))
    return [Chip(f"{label}: {value}", base + query_of(without(chosen, name))) for name, label, value in found]


def choices_of(city: CityView, chosen: ReportFilter, language: str) -> Choices:
    """Everything a list can be narrowed by."""
    known = queries.catalogue(city)
    categories: list[Option] = []
    for group in known.groups:
        picked = not chosen.category and chosen.group == group.code
        categories.append(Option(f"{group.code}.", in_language(group.names, language), picked))
        categories += [
            Option(one.code, in_language(one.names, language), chosen.category == one.code, 1)
            for one in known.within(group.code)
        ]
    statuses = [Option(code, gettext(word), chosen.status == code) for code, word in STATUS_WORDS.items()]
    return Choices(
        categories, statuses, _place_options(city, chosen, language), _office_options(city, chosen, language)
    )


def _place_options(city: CityView, chosen: ReportFilter, language: str) -> list[Option]:
    children: dict[object, list[Option]] = {}
    tree = places.places_of(city.id)
    for one in sorted(tree.values(), key=lambda place: in_language(place.names, language)):
        option = Option(
            one.code, in_language(one.names, language), chosen.place == one.code, max(0, one.depth - 1)
        )
        children.setdefault(one.parent_id, []).append(option)
    ids = {one.code: one.id for one in tree.values()}
    found: list[Option] = []

    def walk(parent: object) -> None:
        for option in children.get(parent, ()):
            found.append(option)
            walk(ids[option.value])

    # The root is the whole city: that is what an empty choice says.
    for root in (one for one in tree.values() if one.parent_id is None):
        walk(root.id)
    return found


def _office_options(city: CityView, chosen: ReportFilter, language: str) -> list[Option]:
    known = offices.directory(city.id).offices.values()
    options = [Option(one.code, in_language(one.names, language), chosen.office == one.code) for one in known]
    return sorted(options, key=lambda option: option.name)


def _named(known: object, code: str, words: Words) -> str:
    found = next((one for one in known.values() if one.code == code), None)  # type: ignore[attr-defined]
    return words.name(found.names) if found else code


patterns = [path("reports", report_list, name="list")]
