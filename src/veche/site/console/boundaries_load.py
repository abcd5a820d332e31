"""Load borders of a city's territories from a GeoJSON file; the others are computed anew."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, for which city."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a GeoJSON file of polygons")
    parser.add_argument("--city", required=True, help="the code of a loaded city")
    parser.add_argument("--property", default="", help="the property that holds a place's name or code")


def run(options: argparse.Namespace) -> int:
    """Take the borders over and tell what was left; exit code 1 when something was."""
    from veche.site.console.spelling import meant
    from veche.site.console.tongue import in_tongue
    from veche.site.console.waking import wake

    wake(tables=True)
    from django.utils import timezone
    from django.utils.translation import gettext
    from rich.console import Console

    from veche.commons.journal.services import record
    from veche.commons.places.services import load_boundaries
    from veche.commons.places.terms import NO_PLACE

    with Console(stderr=True).status(f"Reading {options.file} …"):
        report = load_boundaries(
            options.file, options.city, options.property, now=timezone.now(), record=record
        )
    names = _names_in(options.city)
    with in_tongue():
        for one in report.unmatched:
            close = meant(one.name, names) if one.reason == NO_PLACE else ""
            hint = f" (“{close}”?)" if close else ""
            sys.stderr.write(f"{one.number}: {one.name or '-'}: {gettext(one.reason)}{hint}\n")
    sys.stdout.write(f"{len(report.matched)} borders loaded, {len(report.unmatched)} features left over.\n")
    return 1 if report.unmatched else 0


def _names_in(code: str) -> set[str]:
    """What the places of a city are called, in every language."""
    from veche.commons.places import queries as places

    city = places.city_by_code(code)
    known = places.places_of(city.id).values() if city else ()
    return {name for place in known for name in place.names.values()}
