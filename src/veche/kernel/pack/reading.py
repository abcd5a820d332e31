"""Reads a whole pack and tells every mistake at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from veche.kernel.pack.demonstration import check_reasons, read_demo
from veche.kernel.pack.section import Problems
from veche.kernel.pack.shapes import Pack, PackTerm, Reason, plain, plain_term
from veche.kernel.pack.subjects import read_categories
from veche.kernel.pack.town import read_calendar, read_city, read_geometries, read_places
from veche.kernel.pack.witnesses import read_witnesses
from veche.kernel.pack.work import read_competences, read_law, read_offices, read_reasons, read_templates
from veche.kernel.refusals import Refusal, Refused


def read_pack(folder: Path) -> Pack:
    """Read a city pack.

    Refuses: `pack.*` (see `SENTENCES`), all mistakes together, each with its file and place.
    """
    if not folder.is_dir():
        raise Refused(Refusal("pack.no-folder", "", {"file": str(folder), "place": ""}))
    problems = Problems()
    pack = _read(folder, problems)
    if problems.found:
        raise Refused(*problems.found)
    return pack


def _read(folder: Path, problems: Problems) -> Pack:
    city = read_city(folder, problems)
    places = read_places(folder, problems)
    offices = read_offices(folder, problems)
    law, notes = read_law(folder, problems)
    categories = read_categories(folder, problems, terms=[one.term.code for one in law])
    calendar = read_calendar(folder, problems, city.tz)
    reasons = read_reasons(folder, problems)
    codes = {
        "offices": {one.code for one in offices},
        "categories": {one.code for one in categories},
    }
    place_codes = {one.code for one in places}
    competences = read_competences(folder, problems, places=place_codes, **codes)
    templates = read_templates(folder, problems, **codes)
    demo = read_demo(folder, problems, places=place_codes, **codes)
    witnesses = read_witnesses(folder, problems)
    check_reasons(problems, demo, {(one.group, one.code) for one in reasons})
    parts = {
        "city": city,
        "places": places,
        "offices": offices,
        "competences": competences,
        "categories": categories,
        "calendar": calendar,
        "templates": templates,
        "witnesses": witnesses,
    }
    return Pack(
        city=city,
        places=places,
        offices=offices,
        competences=competences,
        categories=categories,
        law=law,
        notes=notes,
        calendar=calendar,
        reasons=reasons,
        templates=templates,
        demo=demo,
        outlines=read_geometries(folder, "outline.geojson", problems, places),
        boundaries=read_geometries(
            folder, "boundaries.geojson", problems, places, key=city.boundary_property
        ),
        raw=_raw(parts, law, notes, reasons),
        witnesses=witnesses,
    )


def _raw(
    parts: Mapping[str, Any], law: tuple[PackTerm, ...], notes: Mapping[str, Any], reasons: tuple[Reason, ...]
) -> dict[str, Any]:
    raw = {key: plain(part) for key, part in parts.items()}
    raw["terms"] = {one.term.code: plain_term(one) for one in law}
    raw["notes"] = plain(notes)
    raw["reasons"] = _lists(reasons)
    raw["reports"] = raw["city"].pop("reports")
    return raw


def _lists(reasons: tuple[Reason, ...]) -> dict[str, dict[str, dict[str, str]]]:
    lists: dict[str, dict[str, dict[str, str]]] = {}
    for reason in reasons:
        lists.setdefault(reason.group, {})[reason.code] = dict(reason.names)
    return lists
