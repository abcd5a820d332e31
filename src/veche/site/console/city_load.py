"""Load a city pack (a folder, or the name of one in `cities/` or VECHE_CITY_DIR), or only check it."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which pack."""
    parser.add_argument("pack", metavar="PACK", help="a folder with city.toml, or the name of a known pack")
    parser.add_argument("--demo", action="store_true", help="mark the city as a demonstration")


def run(options: argparse.Namespace) -> int:
    """Check the pack and, unless only a check is wanted, take it over."""
    from veche.site.console.waking import wake

    checking = options.words == ("city", "check")
    if checking:
        import django

        django.setup()
    else:
        wake(tables=True)
    from django.utils import timezone
    from rich.console import Console

    from veche.kernel.pack import read_pack
    from veche.site import packs

    screen = Console(stderr=True)
    folder = packs.find(options.pack)
    with screen.status(f"Reading {folder} …"):
        pack = read_pack(folder)
    counts = f"{len(pack.places)} places, {len(pack.offices)} offices, {len(pack.categories)} categories"
    if checking:
        sys.stdout.write(f"The pack “{pack.city.code}” is good: {counts}.\n")
        return 0
    with screen.status(f"Loading {pack.city.code} …"):
        packs.load_pack(pack, now=timezone.now(), demo=options.demo)
    sys.stdout.write(f"The city “{pack.city.code}” is loaded: {counts}.\n")
    return 0
