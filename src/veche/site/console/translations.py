"""Collect, check or compile the texts of the rooms. A room may be named: `veche translations check modules.reports`."""

import argparse
import sys

from veche.site import translations
from veche.site.failure import Failure


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which rooms."""
    parser.add_argument(
        "rooms", metavar="ROOM", nargs="*", help="like commons.places; all rooms when none is named"
    )


def run(options: argparse.Namespace) -> int:
    """Do what the second word says."""
    chosen = _chosen(options.rooms)
    verb = options.words[-1]
    if verb == "extract":
        sys.stdout.write(f"{translations.extract_all(chosen)} files changed.\n")
    elif verb == "compile":
        sys.stdout.write(f"{translations.compile_all(chosen)} files compiled.\n")
    else:
        return _check(chosen)
    return 0


def _check(chosen: list[translations.Room]) -> int:
    flaws = translations.check_all(chosen)
    for flaw in flaws:
        sys.stderr.write(f"{flaw}\n")
    sys.stdout.write(f"{len(flaws)} flaws in {len(chosen)} rooms.\n")
    return int(bool(flaws))


def _chosen(names: list[str]) -> list[translations.Room]:
    known = {room.name: room for room in translations.rooms()}
    for name in names:
        if name not in known:
            raise Failure(f"there is no room “{name}”. The rooms are: {', '.join(known)}.")
    return [known[name] for name in names] or list(known.values())
