"""Sessions in the database, read by one plain statement: every request of a signed-in person begins with it."""

from typing import NamedTuple

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

_HELD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class Held(NamedTuple):
    """What is kept of a session."""

    session_data: str


class SessionStore(db.SessionStore):
    """Django's own store; only its reading is shorter."""

    def _get_session_from_db(self) -> Held | None:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_HELD, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return Held(*row)
