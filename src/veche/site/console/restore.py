"""Put an archive made by `veche backup` in the place of this house, after everything in it was proved.

Server and worker must be stopped. Whatever is wrong with the archive, nothing is changed.
"""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which archive, with which keys."""
    parser.add_argument("archive", metavar="ARCHIVE", type=Path, help="a file made by `veche backup`")
    parser.add_argument(
        "--keys",
        metavar="FILE",
        type=Path,
        help="the archive of the keys; left out, the keys that are here must fit",
    )
    parser.add_argument(
        "--force", action="store_true", help="also in a house that is not empty: what is here is put aside"
    )


def run(options: argparse.Namespace) -> int:
    """Restore, and tell what was."""
    from veche.site.console.waking import wake

    wake(mending=True)
    from django.utils import timezone
    from rich.console import Console

    from veche.site.backup import restoring

    with Console(stderr=True).status("Restoring …") as status:
        done = restoring.restore(
            options.archive,
            keys=options.keys,
            force=options.force,
            now=timezone.now(),
            tell=lambda said: status.update(f"Restoring … {said}"),
        )
    sys.stdout.write(
        f"Restored as of {done.manifest.moment:%Y-%m-%d %H:%M:%S} UTC: {done.manifest.files:,} files, "
        f"{done.proved.leaves:,} entries of the log proved.\n"
    )
    for place in done.aside:
        sys.stdout.write(f"What was here before lies in {place}. Remove it when you are sure.\n")
    return 0
