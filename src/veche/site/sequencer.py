"""The worker's other hand: it brings recorded facts into the public log, a moment after they were recorded."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connections

from veche.commons.journal import services as journal
from veche.commons.journal.terms import Standstill

# A fact waits for the look, for its batch and for the disk: so the looks come a good deal closer than the promise.
_LOOKS = 5
_SHARE = 10
log = logging.getLogger(__name__)


class Sequencer:
    """Looks again and again whether facts wait for their place in the log."""

    def __init__(self) -> None:
        self._every_s = settings.CONFIG.journal_delay_s / _LOOKS
        self._since = float("-inf")

    def stroke(self, now: datetime, *, clock: float) -> int:
        """Bring in what waits; answers how many facts. `clock` is a steady count of seconds.

        After some batches it lets go, though more may wait: whoever calls has other work too.
        """
        if clock - self._since < self._every_s:
            return 0
        self._since = clock
        total = 0
        try:
            for _ in range(_SHARE):
                placed = journal.sequence(now=now)
                total += placed
                if not placed:
                    break
        except Standstill as reason:
            log.critical("the journal stands still: %s", reason)
        except OSError as error:
            log.warning("the journal waits for its disk: %s", type(error).__name__)
        except DatabaseError as error:
            log.warning("the journal waits for the database: %s", type(error).__name__)
            connections.close_all()
        return total
