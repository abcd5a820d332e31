"""A witness of other logs as a WSGI application: its folder holds its key and its book, nothing else is needed."""

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from veche.commons.journal.adapters.log_key import KeyFile
from veche.commons.journal.adapters.witness_book import WitnessBook
from veche.commons.journal.adapters.witness_desk import Desk
from veche.commons.journal.rules.notes import COSIGNING
from veche.site.failure import Failure

FOLDER = "VECHE_WITNESS_DIR"
_KEY = "witness.key"
_THREADS, _IN_HAND = 16, 128


def make_key(folder: Path, name: str) -> KeyFile:
    """Make the key of a witness, or take the one that is there.

    Refuses: a Failure when the one that is there has another name.
    """
    key = KeyFile.at(folder / _KEY, name, kind=COSIGNING)
    if key.name != name:
        raise Failure(
            f"“{folder}” already holds the key of the witness {key.name}. Choose another folder for another witness."
        )
    return key


def key_in(folder: Path) -> KeyFile:
    """The key of a witness.

    Refuses: a Failure when there is none.
    """
    if not (folder / _KEY).is_file():
        raise Failure(
            f"there is no witness in “{folder}” yet. Begin with `veche witness init --dir {folder} --name …`."
        )
    return KeyFile.at(folder / _KEY, "", kind=COSIGNING)


def book_in(folder: Path) -> WitnessBook:
    """The book of a witness that has its key already."""
    key_in(folder)
    return WitnessBook(folder)


def application() -> Any:
    """What granian serves; the folder comes in the environment."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s")
    folder = Path(os.environ[FOLDER])
    return Desk(book_in(folder), key_in(folder), now=lambda: datetime.now(UTC))


def command(host: str, port: int, workers: int) -> list[str]:
    """The command line that serves a witness. Nobody's address is written down."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(_THREADS), "--backpressure", str(_IN_HAND)),
        *("--no-ws", "--respawn-failed-workers", "--log-level", "error", "--no-access-log"),
        "veche.site.witness:application",
    ]
