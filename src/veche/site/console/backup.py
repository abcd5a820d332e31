"""Copy the whole house while it works: database, photographs and log into one archive, the keys into another.

Who has only one of the two cannot read anybody's private values: keep them apart. With --continuous (SQLite, needs
litestream) every change is copied within a second or two, until the command is stopped.
"""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and how many to keep."""
    parser.add_argument(
        "--to",
        metavar="FOLDER",
        help="where it goes (default: backups in VECHE_DATA_DIR); a URL with --continuous",
    )
    parser.add_argument(
        "--keys-to",
        metavar="FOLDER",
        type=Path,
        help="where the keys go (default: beside the archive)",
    )
    parser.add_argument(
        "--keep",
        metavar="N",
        type=_count,
        default=0,
        help="remove all but the newest N archives (default: keep all)",
    )
    parser.add_argument(
        "--continuous",
        action="store_true",
        help="go on copying until stopped; SQLite only, to a folder or a URL",
    )


def run(options: argparse.Namespace) -> int:
    """Make the backup and tell what it came to."""
    from veche.site.console.waking import wake

    wake(tables=True)
    return _continuous(options) if options.continuous else _once(options)


def _continuous(options: argparse.Namespace) -> int:
    from veche.site.backup import continuous
    from veche.site.failure import Failure

    if not options.to:
        raise Failure("say where to: --to FOLDER, or the URL of a store that litestream knows.")

    def ready() -> None:
        sys.stdout.write(f"Copying to {options.to} until stopped.\n")
        if "://" in options.to:
            sys.stdout.write(
                "Only the database goes there. Copy the photographs and the log by other means.\n"
            )
        if not options.keys_to:
            sys.stdout.write("The keys are not copied: name another folder with --keys-to.\n")
        sys.stdout.flush()

    continuous.follow(options.to, options.keys_to, ready=ready)
    return 0


def _once(options: argparse.Namespace) -> int:
    from django.utils import timezone
    from rich.console import Console

    from veche.site.backup import layout, making

    to = Path(options.to) if options.to else layout.data() / "backups"
    with Console(stderr=True).status("Making a backup …") as status:
        made = making.make(
            to,
            keys_to=options.keys_to or to,
            keep=options.keep,
            now=timezone.now(),
            tell=lambda said: status.update(f"Making a backup … {said}"),
        )
    sys.stdout.write(
        f"{made.archive}: {made.files:,} files, {made.octets / 1e6:,.1f} MB, {made.leaves:,} entries of the log, "
        f"in {made.seconds:,.1f} s.\n"
    )
    if made.keys:
        sys.stdout.write(f"{made.keys}: the keys. Keep them apart from the archive.\n")
    if made.lost:
        sys.stderr.write(
            f"veche: {made.lost:,} photographs have no file; removed just now, or lost before.\n"
        )
    if made.removed:
        sys.stdout.write(f"{made.removed:,} older backups removed.\n")
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("keep at least one")
    return number
