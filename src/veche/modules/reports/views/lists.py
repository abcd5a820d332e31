"""The public list of reports, and how a reader narrows it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe
from markupsafe import Markup

from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.ids import number_of
from veche.kernel.words import in_language
from veche.modules.reports import queries
from veche.modules.reports.forms.listing import filter_of, query_of, serial_in, without
from veche.modules.reports.queries.board import Board, Line, board, id_of, moment_of
from veche.modules.reports.terms import STATUS_WORDS, ReportFilter
from veche.modules.reports.views.words import Words, office_names, pieces, words_of


class Card(NamedTuple):
    """One line of the list, ready to be shown."""

    url: str
    number: str
    title: str
    badge: Markup
    category: Markup
    office: str
    place: str
    address: str
    filed: str
    term: str
    supporters: int
    photo: str


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
def report_list(request: HttpRequest, city: str) -> HttpResponse:  # noqa: ARG001 - the shell reads it
    """The reports of a city, newest first, narrowed as the address says."""
    here: CityView = request.city  # type: ignore[attr-defined]
    chosen = filter_of(request.GET)
    before, after = serial_in(request.GET, "before"), serial_in(request.GET, "after")
    page = board(here, chosen, before=before, after=after)
    base = f"/{here.code}/reports"
    context = {
        "chosen": chosen,
        "base": base,
        "query": query_of(chosen),
        "cards": cards_of(here, page.lines),
        "newer": f"{base}{query_of(chosen, after=page.lines[0].serial)}" if page.has_newer and page.lines else "",
        "older": f"{base}{query_of(chosen, before=page.lines[-1].serial)}" if page.has_older and page.lines else "",
        "chips_set": chips_of(here, chosen, base),
        "form": filter_form(here, chosen),
        "home_map": f"/{here.code}/map",
        "pin": pieces().pin(),
        "joined": gettext("joined"),
    }
    return render(request, "reports/list.html", context)


def cards_of(city: CityView, lines: Sequence[Line]) -> list[Card]:
    """The lines of a list, put into words."""
    words, known = words_of(city), office_names(city)
    now = timezone.now()
    today = city.calendar.local_date(now)
    base = f"/{city.code}/reports/"
    waits = gettext("the dispatcher chooses")
    return [
        Card(
            base + (number := number_of(line.serial)),
            number,
            line.title,
            words.badge(line.status, bool(line.overdue)),
            words.categories[line.category],
            known.get(line.office, "") if line.office else waits,
            words.places.get(line.place, ""),
            line.address,
            words.day(moment_of(line.filed_at)),
            words.term(line.due_at, line.status, now, today),
            line.supporters,
            f"/media/{id_of(line.photo)}/s.jpg" if line.photo else "",
        )
        for line in lines
    ]


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
        found.append(("office", gettext("Office"), _named(offices.directory(city.id).offices, chosen.office, words)))
    if chosen.text:
        found.append(("text", gettext("Words"), chosen.text))
    return [Chip(f"{label}: {value}", base + query_of(without(chosen, name))) for name, label, value in found]


def filter_form(city: CityView, chosen: ReportFilter) -> Markup:
    """The choices of the filter form; drawn once for a filter and kept, for they are long."""
    words = (chosen.group, chosen.category, chosen.status, chosen.place, chosen.office, chosen.overdue)
    return _form(city, get_language() or "ru", ReportFilter(*words))


@lru_cache(maxsize=256)
def _form(city: CityView, language: str, chosen: ReportFilter) -> Markup:
    return Markup(pieces().filter_fields(choices_of(city, chosen, language), chosen.overdue))  # noqa: S704 - our own macro


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
    return Choices(categories, statuses, _place_options(city, chosen, language), _office_options(city, chosen, language))


def _place_options(city: CityView, chosen: ReportFilter, language: str) -> list[Option]:
    children: dict[object, list[Option]] = {}
    tree = places.places_of(city.id)
    for one in sorted(tree.values(), key=lambda place: in_language(place.names, language)):
        option = Option(one.code, in_language(one.names, language), chosen.place == one.code, max(0, one.depth - 1))
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

__all__ = ["Board", "cards_of", "filter_form", "patterns", "report_list"]
