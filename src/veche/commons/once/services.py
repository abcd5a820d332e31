"""Doing an act once: the call is claimed before, its answer is written after, all in the transaction of the act."""

from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from veche.commons.once import queries
from veche.commons.once.models import Given
from veche.commons.once.terms import ANSWERS_STAY, Answer, Call
from veche.kernel.forgetting import Forgotten
from veche.kernel.refusals import Refusal

# A sweep reads the table once and deletes a little at a time, so that nobody waits long to write.
_AT_ONCE, _BATCH = 100_000, 500
# By hand: these run with every act.
_ROW = (
    "INSERT INTO once_given (id, person_id, at, body, status, content_type, location, content, session)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_CLAIM = (
    "INSERT INTO once_given (id, person_id, at, body, status, content_type, location, content, session)"
    " VALUES (%s, %s, %s, %s, 0, '', '', '', '') ON CONFLICT DO NOTHING"
)
_ANSWER = (
    "UPDATE once_given SET status = %s, content_type = %s, location = %s, content = %s, session = %s"
    " WHERE id = %s"
)
_RELEASE = "DELETE FROM once_given WHERE id = %s"


def claim(call: Call, *, now: datetime) -> Answer | Refusal | None:
    """Let one call act and all that repeat it wait for its answer; must stand first in the transaction of the act.

    Answers None to whoever may act now, what was answered before to everybody else, and the refusal
    `once.other-body` to whoever sent something else with the same key.

    On SQLite the transaction holds the lock of all writers already, so looking is enough and the row is written with
    its answer. On PostgreSQL the row is laid down first: a second one waits there until the first transaction ends.
    Units: now is UTC. Refuses: by its answer only.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a call is claimed in the transaction of its act")
    if connection.vendor == "sqlite":
        return queries.answer_to(call)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, _asked(call, now))
            if cursor.rowcount == 1:
                return None
        # Between the two the row may have been swept: then it is free again.
        given = queries.answer_to(call)
        if given is not None:
            return given


def answer(call: Call, given: Answer, *, now: datetime) -> None:
    """Keep what a claimed call was answered.

    Units: now is UTC. Refuses: never.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_ROW, (*_asked(call, now), *_said(given)))
        else:
            cursor.execute(_ANSWER, (*_said(given), queries.key_of(call)))


def release(call: Call) -> None:
    """Give a claimed call up that led to nothing: the same key may be sent again, mended.

    Refuses: never.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, (queries.key_of(call),))


@transaction.atomic
def forget_person(person: Forgotten, *, now: datetime) -> int:
    """Delete every answer that was given to a person; how many they were.

    Refuses: never.
    """
    del now
    gone, _ = Given.objects.filter(person_id=person.person_id).delete()
    return gone


def sweep_answers(now: datetime) -> int:
    """Delete answers nobody will ask for again; how many they were.

    Units: now is UTC. Refuses: never.
    """
    ids = list(Given.objects.filter(at__lt=now - ANSWERS_STAY).values_list("id", flat=True)[:_AT_ONCE])
    for start in range(0, len(ids), _BATCH):
        Given.objects.filter(id__in=ids[start : start + _BATCH]).delete()
    return len(ids)


def _asked(call: Call, now: datetime) -> tuple[Any, ...]:
    connection = connections[DEFAULT_DB_ALIAS]
    person: Any = call.person_id
    if person is not None and not connection.features.has_native_uuid_field:
        person = person.hex
    return queries.key_of(call), person, connection.ops.adapt_datetimefield_value(now), call.body


def _said(given: Answer) -> tuple[Any, ...]:
    return given.status, given.content_type, given.location, given.content, given.session
