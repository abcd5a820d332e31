"""Take the borders of a city's places over from a GeoJSON file; the others are computed anew. Twice does nothing."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and whose borders."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a GeoJSON file of polygons")
    parser.add_argument("--city", required=True, help="the code of a loaded city")
    parser.add_argument(
        "--property",
        default="",
        help="the property that names a place (default: what the pack says, else `place`)",
    )


def run(options: argparse.Namespace) -> int:
    """Take them over, and tell what did not fit."""
    import django

    django.setup()
    from django.utils import timezone
    from rich.console import Console

    from veche.commons.journal import services as journal
    from veche.commons.places import services as places

    with Console(stderr=True).status(f"Reading {options.file} …"):
        report = places.load_boundaries(
            options.file, options.city, options.property, now=timezone.now(), record=journal.record
        )
    sys.stdout.write(f"Borders of {len(report.matched)} places are loaded.\n")
    for one in report.unmatched:
        sys.stderr.write(f"not used: {one}\n")
    return 0
