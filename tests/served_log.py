"""A log served over HTTP as any log of these formats is: built by hand, without a database, easy to falsify."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veche.commons.journal.rules import notes, tree
from veche.commons.journal.rules.leaves import LeafFact, commitments, leaf_of, salt_of
from veche.commons.journal.rules.notes import COSIGNING, Checkpoint, Verifier
from veche.commons.journal.rules.receipts import code_of, promise
from veche.commons.journal.rules.tiles import WIDTH, Tile, bundled, packed
from veche.kernel.ids import made_at, new_id
from veche.kernel.refs import SubjectRef

DELAY_S = 5
SECRET = bytes(range(32))


class Log:
    """Facts, their log, and what is served of it: `files` by address, changed at will."""

    def __init__(self, origin: str = "log.example.org/journal") -> None:
        self.private = Ed25519PrivateKey.generate()
        self.key = Verifier(origin, self.private.public_key().public_bytes_raw())
        self.witness_keys: dict[str, Ed25519PrivateKey] = {}
        self.needed = 0
        self.ids: list[UUID] = []
        self.entries: list[bytes] = []
        self.files: dict[str, bytes] = {}
        self.statuses: dict[str, int] = {}

    def grow(self, count: int, *, at: datetime | None = None) -> "Log":
        """Record facts and publish the log with them."""
        for _ in range(count):
            self.add(at=at)
        return self.publish()

    def add(self, *, at: datetime | None = None) -> UUID:
        """Record one fact, as if at a moment."""
        fact_id = new_id()
        if at is not None:
            milliseconds = int(at.timestamp() * 1000)
            fact_id = UUID(int=(milliseconds << 80) | (fact_id.int & ((1 << 80) - 1)))
        ref = SubjectRef("toy.bell", fact_id)
        private = commitments(SECRET, {"text": f"Удар {len(self.ids)}", "point": [58.0, 56.25]})
        fact = LeafFact(
            fact_id, "toy.BellRang", ref, None, made_at(fact_id), {"times": len(self.ids)}, private
        )
        self.ids.append(fact_id)
        self.entries.append(leaf_of(fact))
        return fact_id

    def publish(self) -> "Log":
        """Lay the files out."""
        hashes = [tree.leaf_hash(entry) for entry in self.entries]
        self.files = {}
        for index in range(-(-len(hashes) // WIDTH)):
            self._file(Tile(None, index), bundled(self.entries[index * WIDTH : (index + 1) * WIDTH]))
        level, row = 0, hashes
        while row:
            for index in range(-(-len(row) // WIDTH)):
                self._file(Tile(level, index), packed(row[index * WIDTH : (index + 1) * WIDTH]))
            row = [tree.joined(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
            level += 1
        self.sign()
        return self

    def sign(self, root: bytes | None = None) -> None:
        """Sign what is there, and say who the log is."""
        size = len(self.entries)
        text = Checkpoint(self.key.name, size, root or tree.root(size, self.node())).text
        note = notes.signed(text, self.key, self.private)
        now = int(datetime.now(UTC).timestamp())
        cosigned = [
            notes.cosigned(text, self.vkey(name), key, at=now) for name, key in self.witness_keys.items()
        ]
        self.files["/journal/checkpoint"] = str(note.with_signatures(cosigned)).encode()
        self.say()

    def say(self, **changes: Any) -> None:
        """What the log says of itself."""
        said = {
            "v": 1,
            "origin": self.key.name,
            "key": str(self.key),
            "merge_delay_s": DELAY_S,
            "witnesses_needed": self.needed,
            "witnesses": [
                {"name": name, "url": "", "key": str(self.vkey(name))} for name in self.witness_keys
            ],
        }
        self.files["/journal/about.json"] = json.dumps(said | changes).encode()

    def vkey(self, name: str) -> Verifier:
        """The public key of a witness."""
        return Verifier(name, self.witness_keys[name].public_key().public_bytes_raw(), COSIGNING)

    def node(self) -> tree.Node:
        """Complete subtrees out of the entries."""

        def found(level: int, index: int) -> bytes:
            first = index << level
            return tree.joined([tree.leaf_hash(one) for one in self.entries[first : first + (1 << level)]])

        return found

    def receipt(self, position: int, *, logged: bool = True) -> dict[str, Any]:
        """The receipt of a line; without `logged` only the promise of the first second."""
        fact_id, entry = self.ids[position], self.entries[position]
        leaf, size = tree.leaf_hash(entry), len(self.entries)
        promised = promise(self.key.name, fact_id, leaf, made_at(fact_id), DELAY_S)
        proof = tree.inclusion_proof(position, size, self.node()) if logged else []
        return {
            "v": 1,
            "code": code_of(fact_id),
            "origin": self.key.name,
            "key": str(self.key),
            "fact": json.loads(entry),
            "entry": b64encode(entry).decode(),
            "leaf_hash": b64encode(leaf).decode(),
            "promise": str(notes.signed(promised.text, self.key, self.private)),
            "position": position if logged else None,
            "proof": [b64encode(one).decode() for one in proof],
            "checkpoint": self.files["/journal/checkpoint"].decode() if logged else "",
            "openings": {
                "text": {"salt": b64encode(salt_of(SECRET, "text")).decode(), "value": f"Удар {position}"},
                "point": {"salt": b64encode(salt_of(SECRET, "point")).decode(), "value": [58.0, 56.25]},
            },
        }

    def flip(self, path: str, at: int) -> None:
        """One bit of a file is another one."""
        content = bytearray(self.files[path])
        content[at] ^= 1
        self.files[path] = bytes(content)

    def _file(self, tile: Tile, content: bytes) -> None:
        self.files[f"/journal/tile/{tile.file}"] = content

    def answer(self, path: str) -> tuple[int, bytes]:
        """What is served under an address; a part of a tile is served out of the file that holds it."""
        if path in self.statuses:
            return self.statuses[path], b""
        content = self.files.get(path, self.files.get(path.partition(".p/")[0]))
        return (200, content) if content is not None else (404, b"not found")


@contextmanager
def served(log: Log) -> Iterator[str]:
    """Serve a log; answers its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, content = log.answer(self.path)
            self.send_response(status)
            if status in {301, 302}:
                self.send_header("Location", log.files[f"to {self.path}"].decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


LONG_AGO = timedelta(days=30)
