"""Run inside a house of its own: writes into its log, goes on with it, takes photographs in; one word after another.

A disk that refuses is waited for, as the worker does; what remains to be seen is told at the end in one line of JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import DatabaseError, connections, transaction  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402
from tests.outsider import Outsider  # noqa: E402

from veche.commons.journal import queries, services  # noqa: E402
from veche.commons.journal.models import FactRow, Leaf, Unsequenced  # noqa: E402
from veche.commons.journal.ports import EQUIPMENT  # noqa: E402
from veche.commons.journal.rules import tree  # noqa: E402
from veche.commons.journal.services.publishing import verifier  # noqa: E402
from veche.commons.journal.terms import FactAltered, Witness, WitnessPolicy  # noqa: E402
from veche.commons.media import services as media  # noqa: E402
from veche.commons.media.adapters.darkroom import InlineDarkroom  # noqa: E402
from veche.commons.media.models import Photo  # noqa: E402
from veche.commons.media.ports import EQUIPMENT as STUDIO  # noqa: E402
from veche.commons.media.services import taking_in  # noqa: E402
from veche.commons.media.terms import DRAFT, Size  # noqa: E402
from veche.commons.media.tests.pictures import picture, upload  # noqa: E402
from veche.kernel.ids import new_id  # noqa: E402
from veche.kernel.refs import SubjectRef  # noqa: E402
from veche.site.witnesses import Witnesses  # noqa: E402

DRAFT_REF = SubjectRef(DRAFT, UUID(int=1))
CITY = UUID(int=2)
found: dict[str, Any] = {"refused": 0, "photos": []}
_numbers = count(int(os.environ.get("CHRONICLE_FIRST_PHOTO", "1")))


def write(number: int) -> None:
    """Record facts."""
    with transaction.atomic():
        services.record_many(
            FactAltered(ref=SubjectRef("journal.fact", new_id()), at=timezone.now()) for _ in range(number)
        )


def sequence(limit: int) -> None:
    """One look of the sequencer."""
    services.sequence(now=timezone.now(), limit=limit)


def settle(_: int) -> None:
    """Go on until nothing waits."""
    while services.sequence(now=timezone.now(), limit=100):
        pass
    assert not Unsequenced.objects.exists()


def prove(_: int) -> None:
    """Every fact stands in the published log, once, and what an outsider had seen is its beginning."""
    outsider = Outsider(EQUIPMENT.store._root, verifier())
    size = outsider.look()
    promised = {one: bytes(leaf) for one, leaf in FactRow.objects.values_list("id", "leaf_hash")}
    places = dict(Leaf.objects.values_list("fact_id", "position"))
    logged = [tree.leaf_hash(entry) for entry in outsider.entries(size)]
    assert sorted(places.values()) == list(range(size)), "places were lost"
    assert {one: logged[at] for one, at in places.items()} == promised, "something acknowledged is missing"


def look(_: int) -> None:
    """What an outsider sees of the log just now."""
    found["seen"] = Outsider(EQUIPMENT.store._root, verifier()).look()


def ask(_: int) -> None:
    """Ask the witnesses of `CHRONICLE_WITNESSES` until none is left to ask."""
    named = tuple(Witness(*one) for one in json.loads(os.environ["CHRONICLE_WITNESSES"]))
    EQUIPMENT.witnesses = lambda: WitnessPolicy(named, 0)  # type: ignore[method-assign]
    asker = Witnesses()
    asker.stroke(timezone.now(), clock=time.monotonic())
    asker.join(20)
    found["witnesses"] = {one.name: [state.size, state.trouble] for one, state in queries.witnesses()}


def photo(number: int) -> None:
    """Take photographs in; those that were acknowledged are told."""
    for _ in range(number):
        try:
            taken = media.take_in(
                upload(picture()), subject=DRAFT_REF, city_id=CITY, owner_id=None, now=timezone.now()
            )
        except OSError:
            found["refused"] += 1
        else:
            found["photos"].append(str(taken.id))


def drop(_: int) -> None:
    """Remove the photograph that came first."""
    media.drop(UUID(found["photos"].pop(0)), subject=DRAFT_REF)


def sweep(_: int) -> None:
    """Sweep orphans as if hours had passed."""
    root = STUDIO.need_shelf()._root  # type: ignore[attr-defined]
    for path in root.rglob("*.*"):
        os.utime(path, (0, 0))
    media.sweep_orphans(timezone.now())
    rows = list(Photo.objects.values_list("id", flat=True))
    files = [path for path in root.rglob("*") if path.is_file()]
    found["orphans"] = len(files) - len(rows) * len(Size)


def album(_: int) -> None:
    """Every row has whole files."""
    for row in Photo.objects.all():
        for size in Size:
            file = STUDIO.need_shelf().take(row.id, size)
            assert file is not None, "a row names a file that is missing"
            with file:
                content = file.read()
            assert content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9"), "a file is torn"  # noqa: PT018
    found["rows"] = sorted(str(one) for one in Photo.objects.values_list("id", flat=True))


STUDIO.darkroom = InlineDarkroom()
# Names of files that are known beforehand, so that strace can be told of them.
taking_in.new_id = lambda: UUID(f"01a00000-0000-7000-8000-0000000000{next(_numbers):02x}")
VERBS: dict[str, Callable[[int], None]] = {
    one.__name__: one for one in (write, sequence, settle, prove, look, ask, photo, drop, sweep, album)
}
for word in sys.argv[1:]:
    verb, _, argument = word.partition(":")
    try:
        VERBS[verb](int(argument or 0))
    except (OSError, DatabaseError):
        found["refused"] += 1
        connections.close_all()
print(json.dumps(found))  # noqa: T201
