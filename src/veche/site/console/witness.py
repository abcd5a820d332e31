"""Be a witness of other logs: make its key, name logs to watch, serve, look how it stands. It needs no database."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from veche.site.failure import Failure

# Nobody waits longer for the page of a log, and nobody sends a longer one.
_PATIENCE_S = 10
_MOST_BYTES = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder of the witness, and what the second word of the command needs."""
    verb = parser.prog.rpartition(" ")[2]
    parser.add_argument(
        "--dir", required=True, type=Path, help="the folder of the witness: its key and its book"
    )
    if verb == "init":
        parser.add_argument(
            "--name", required=True, help="the name it signs with, like paper.example.org/witness"
        )
    elif verb == "watch":
        parser.add_argument(
            "log", metavar="LOG", help="the verifier key of a log, or the address of its about.json"
        )
        parser.add_argument(
            "--fingerprint", default="", help="of the key at the address, as its owner told you"
        )
    elif verb == "serve":
        parser.add_argument(
            "--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)"
        )
        parser.add_argument("--port", type=int, default=8100, help="the port to listen on (default: 8100)")
        parser.add_argument("--workers", type=int, default=1, help="serving processes (default: 1)")


def run(options: argparse.Namespace) -> int:
    """Do what the second word says."""
    return {"init": _init, "watch": _watch, "serve": _serve, "status": _status}[options.words[-1]](options)


def _init(options: argparse.Namespace) -> int:
    from veche.commons.journal.rules.notes import COSIGNING, Verifier
    from veche.site import witness

    if not Verifier.is_name(options.name):
        raise Failure(f"“{options.name}” cannot be a name: leave out spaces and the sign +.")
    key = witness.make_key(options.dir, options.name)
    sys.stdout.write(f"{Verifier(key.name, key.public, COSIGNING)}\n")
    return 0


def _watch(options: argparse.Namespace) -> int:
    from veche.commons.journal.rules.notes import PLAIN, Verifier
    from veche.site import witness

    book = witness.book_in(options.dir)
    asked = options.log.startswith(("http://", "https://"))
    text = _key_at(options.log) if asked else options.log
    try:
        key = Verifier.parse(text)
    except ValueError as wrong:
        raise Failure(f"this is no key of a log: {wrong}.") from wrong
    if key.kind != PLAIN:
        raise Failure("this is the key of a witness, not of a log.")
    if asked and options.fingerprint.replace(" ", "") != key.fingerprint.replace(" ", ""):
        return _ask_to_compare(key, options)
    fresh = book.watch(key, now=datetime.now(UTC))
    sys.stdout.write(f"{'Now watched' if fresh else 'Watched already'}: {key.name}\n{key}\n")
    return 0


def _ask_to_compare(key: object, options: argparse.Namespace) -> int:
    from veche.commons.journal.rules.notes import Verifier

    assert isinstance(key, Verifier)
    sys.stdout.write(f"log:         {key.name}\nkey:         {key}\nfingerprint: {key.fingerprint}\n")
    if options.fingerprint:
        raise Failure("the fingerprint is another one. Nothing is watched; ask the owner of the log.")
    sys.stdout.write(
        "Compare the fingerprint with what the owner of the log tells you by another way, then add it:\n"
        f'  veche witness watch --dir {options.dir} {options.log} --fingerprint "{key.fingerprint}"\n'
    )
    return 1


def _key_at(address: str) -> str:
    import json
    from http.client import HTTPException
    from urllib.request import urlopen

    try:
        with urlopen(address, timeout=_PATIENCE_S) as answer:  # noqa: S310 - begins with http, see above
            return str(json.loads(answer.read(_MOST_BYTES))["key"])
    except (OSError, HTTPException) as failed:
        raise Failure(f"{address} does not answer.") from failed
    except (ValueError, KeyError, TypeError) as failed:
        raise Failure(f"{address} is no about.json of a log.") from failed


def _serve(options: argparse.Namespace) -> int:
    from veche.site import witness

    witness.book_in(options.dir)
    environment = os.environ | {witness.FOLDER: str(options.dir.resolve())}
    command = witness.command(options.host, options.port, options.workers)
    os.execve(command[0], command, environment)  # noqa: S606 - the server takes this process over, no shell is wanted


def _status(options: argparse.Namespace) -> int:
    from veche.commons.journal.rules.notes import COSIGNING, Verifier
    from veche.site import witness

    key, book = witness.key_in(options.dir), witness.book_in(options.dir)
    say = sys.stdout.write
    say(f"witness: {Verifier(key.name, key.public, COSIGNING)}\n")
    for one in book.watched():
        when = (
            f", cosigned at {one.cosigned_at:%Y-%m-%d %H:%M:%S} UTC"
            if one.cosigned_at
            else ", never cosigned"
        )
        say(f"log:     {one.origin}: size {one.size}{when}\n")
    found = book.evidence()
    for proof in found:
        what = (
            "FORK: it signed two different logs of one size"
            if proof.kind == "fork"
            else ("not shown to have grown from what was cosigned")
        )
        say(f"\nevidence against {proof.origin}, {proof.at:%Y-%m-%d %H:%M:%S} UTC: {what}\n")
        say(f"--- cosigned before\n{proof.known}--- offered\n{proof.offered}")
    return int(any(one.kind == "fork" for one in found))
