"""Put an archive made by `veche backup` in the place of this house, after everything in it was proved.

Instead of an archive: the folder or URL of a continuous backup, and the folder of its keys.

Server and worker must be stopped. Whatever is wrong with the archive, nothing is changed.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which archive, with which keys."""
    parser.add_argument("archive", metavar="ARCHIVE", help="a file made by `veche backup`")
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

    from veche.site.backup import packing, restoring

    now = timezone.now()
    with Console(stderr=True).status("Restoring …") as status, ExitStack() as held:

        def tell(said: str) -> None:
            status.update(f"Restoring … {said}")

        archive, keys = Path(options.archive), options.keys
        if packing.is_continuous(options.archive):
            archive, keys = held.enter_context(packing.packed(options.archive, keys, now=now, tell=tell))
        done = restoring.restore(archive, keys=keys, force=options.force, now=now, tell=tell)
    sys.stdout.write(
        f"Restored as of {done.manifest.moment:%Y-%m-%d %H:%M:%S} UTC: {done.manifest.files:,} files, "
        f"{done.proved.leaves:,} entries of the log proved.\n"
    )
    for place in done.aside:
        sys.stdout.write(f"What was here before lies in {place}. Remove it when you are sure.\n")
    return 0
