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
    from veche.site.console.tongue import in_tongue
    from veche.site.console.waking import wake

    wake(tables=True)
    from django.utils import timezone
    from django.utils.translation import gettext
    from rich.console import Console

    from veche.commons.journal.services import record
    from veche.commons.places.services import load_boundaries

    with Console(stderr=True).status(f"Reading {options.file} …"):
        report = load_boundaries(
            options.file, options.city, options.property, now=timezone.now(), record=record
        )
    with in_tongue():
        for one in report.unmatched:
            sys.stderr.write(f"{one.number}: {one.name or '-'}: {gettext(one.reason)}\n")
    sys.stdout.write(f"{len(report.matched)} borders loaded, {len(report.unmatched)} features left over.\n")
    return 1 if report.unmatched else 0
