"""A witness for one question: answers the body on stdin as the desk does, and prints the answer."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from veche.commons.journal.adapters.witness_desk import Desk
from veche.commons.journal.adapters.witness_line import LocalLine
from veche.site.witness import book_in, key_in

FOLDER = Path(sys.argv[1])
desk = Desk(book_in(FOLDER), key_in(FOLDER), now=lambda: datetime.now(UTC))
answer = LocalLine({"w": desk}).add_checkpoint("w", sys.stdin.buffer.read())
assert answer is not None
sys.stdout.buffer.write(b"%d\n" % answer.status + answer.body)
