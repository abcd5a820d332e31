"""Reading answers that were given."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from veche.commons.once.terms import Answer, Call
from veche.kernel.refusals import Refusal

# By hand, as its insert is: this is asked before every act.
_GIVEN = "SELECT body, status, content_type, location, content, session FROM once_given WHERE id = %s"


def answer_to(call: Call) -> Answer | Refusal | None:
    """What the call was answered; None when it is new, a refusal when its key came with another body before."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, (key_of(call),))
        row = cursor.fetchone()
    if row is None:
        return None
    body, status, content_type, location, content, session = row
    if bytes(body) != call.body:
        return Refusal("once.other-body")
    return Answer(status, content_type, location, bytes(content), session)


def key_of(call: Call) -> Any:
    """The primary key of a call as the database takes it."""
    return call.id if connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field else call.id.hex
