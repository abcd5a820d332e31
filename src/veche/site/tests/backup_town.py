"""Run inside a house of its own: runs commands, files reports, tells all that is there, tries mutants of an archive."""

import contextlib
import hashlib
import io
import json
import random
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402
from tests.cast import a_person, a_pothole  # noqa: E402
from tests.shared import PACKS  # noqa: E402

from veche.commons.accounts.models import Person  # noqa: E402
from veche.commons.accounts.queries import actor_of  # noqa: E402
from veche.commons.journal import queries  # noqa: E402
from veche.commons.journal import services as journal  # noqa: E402
from veche.commons.journal.adapters.keys import read_ring  # noqa: E402
from veche.commons.journal.ports import EQUIPMENT as EQUIPMENT_OF_LOG  # noqa: E402
from veche.commons.journal.queries import log  # noqa: E402
from veche.commons.journal.rules import tree  # noqa: E402
from veche.commons.media import services as media  # noqa: E402
from veche.commons.media.adapters.darkroom import InlineDarkroom  # noqa: E402
from veche.commons.media.models import Photo  # noqa: E402
from veche.commons.media.ports import EQUIPMENT  # noqa: E402
from veche.commons.media.terms import Size  # noqa: E402
from veche.commons.media.tests.pictures import picture, upload  # noqa: E402
from veche.commons.places import queries as places  # noqa: E402
from veche.kernel.pack import read_pack  # noqa: E402
from veche.kernel.refs import SubjectRef  # noqa: E402
from veche.modules.reports import services as reports  # noqa: E402
from veche.modules.reports.models import Report  # noqa: E402
from veche.site.backup import layout, restoring, ring  # noqa: E402
from veche.site.console import main  # noqa: E402
from veche.site.failure import Failure  # noqa: E402
from veche.site.packs import load_pack  # noqa: E402


def file(count: int) -> None:
    """File reports one by one, each with a photograph; a line for each that is acknowledged."""
    EQUIPMENT.darkroom = InlineDarkroom()
    if not (city := places.city_by_code("perm")):
        load_pack(read_pack(PACKS / "perm"), now=timezone.now())
        city = places.city_by_code("perm")
    known = Person.objects.filter(email="alice@example.org").first()
    now = timezone.now()
    alice = actor_of(known.id, now=now) if known else a_person("alice", now=now)
    for _ in range(count):
        report = reports.file_report(a_pothole(city), city=city, by=alice, now=timezone.now())
        media.take_in(
            upload(picture(size=(40, 30)), "pit.jpg"),
            subject=SubjectRef("submissions.submission", report.submission_id),
            city_id=city.id,
            owner_id=alice.person_id,
            now=timezone.now(),
        )
        say(str(report.pk))


def state() -> dict[str, Any]:
    """The rows of every table, the files and what they hold: each as a digest, so that two houses can be compared."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(_digest(repr(row).encode()) for row in cursor.fetchall())
        cursor.execute("SELECT kind FROM journal_factrow ORDER BY id")
        kinds = [row[0] for row in cursor.fetchall()]
    files = {
        f"{top}/{path}": _digest(file.read_bytes())
        for top, folder in (("media", layout.media()), ("journal", layout.journal()), ("keys", layout.keys()))
        for path, file in layout.files_of(folder)
        if "people.sqlite3" not in path
    }
    missing = [str(one) for one in Photo.objects.values_list("id", flat=True) if not _has_files(one)]
    return {
        "rows": rows,
        "kinds": kinds,
        "files": files,
        "people": people(),
        "missing": missing,
        "reports": [str(one) for one in Report.objects.values_list("pk", flat=True)],
    }


def mutants(archive: Path, count: int) -> dict[str, Any]:
    """Restore an archive with one octet changed or its end cut off, `count` times; tells what was not refused."""
    whole, rng = archive.read_bytes(), random.Random(20260314)
    mutant = archive.with_name("mutant.tar")
    accepted, sentences = [], set()
    for number in range(count):
        place = rng.randrange(len(whole))
        changed = bytearray(whole)
        changed[place] ^= rng.randrange(1, 256)
        mutant.write_bytes(whole[:place] if number % 3 == 0 else changed)
        try:
            restoring.restore(mutant, keys=None, force=True, now=timezone.now())
            accepted.append(place)
        except Failure as refused:
            sentences.add(str(refused).partition(":")[0])
    return {"accepted": accepted, "sentences": sorted(sentences)}


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _has_files(photo_id: Any) -> bool:
    shelf = EQUIPMENT.need_shelf()
    return all(shelf.take(photo_id, size) for size in Size)


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()[:24]


def serve() -> None:
    """Run one command of the console after another, as the console would: starting Python anew for each takes long."""
    for line in sys.stdin:
        words, out, err = json.loads(line), io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = asked(*words[1:]) if words[0] == "town" else main(words)
        say(json.dumps({"code": code, "out": out.getvalue(), "err": err.getvalue()}))


def asked(verb: str, *words: str) -> int:
    """What the tests want to know or done, beside the commands."""
    return int(VERBS[verb](*words) is False)


def sequence() -> None:
    """Bring everything that waits into the log."""
    while journal.sequence(now=timezone.now()):
        pass


def checkpoint() -> None:
    """What the public sees of the log: its name, its size, its root."""
    seen, _ = queries.published()
    say(f"{seen.origin}\n{seen.size}\n{seen.root.hex()}")


def people() -> list[str]:
    """Everybody who has a key, and its digest."""
    elsewhere = ring.elsewhere()
    rows = elsewhere.rows() if elsewhere else read_ring(layout.keys() / layout.PEOPLE)
    return [f"{owner.hex} {_digest(key)}" for owner, key in sorted(rows) if key]


def extends(old: int, root: bytes) -> bool:
    """Whether the log here begins with a log that was seen before."""
    now, _ = queries.published()
    return old <= now.size and tree.extends(old, root, now.size, now.root, log.consistency(old, now.size))


VERBS = {
    "file": lambda count: file(int(count)),
    "sequence": sequence,
    "checkpoint": checkpoint,
    "extends": lambda old, root: extends(int(old), bytes.fromhex(root)),
    "owners": lambda: [say(one) for one in people()],
    "erase": lambda owner: EQUIPMENT_OF_LOG.ring.destroy(UUID(owner.partition(" ")[0])),
    "mutants": lambda archive, count: say(json.dumps(mutants(Path(archive), int(count)))),
    "state": lambda: say(json.dumps(state())),
}

if __name__ == "__main__":
    if sys.argv[1:]:
        asked(*sys.argv[1:])
    else:
        serve()
