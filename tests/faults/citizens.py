"""Citizens who file over HTTP and do not give up: `python -m tests.faults.citizens PLAN` runs some of them as threads.

Each writes down what was acknowledged, durably, before the next report: these notes are what the house is measured
by. Now and then one hangs up before the answer, or sends a report again that was acknowledged already.
"""

import hashlib
import http.client
import json
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

_HANGS_UP, _REPEATS = 0.15, 0.15
_PATIENCE_S = 30
_AGAIN = {409, 425, 429}  # a request with this key is being answered just now, or too many came
_STREETS = ("Ленина", "Мира", "Сибирской", "Екатерининской", "Луначарского", "Пушкина")


@dataclass
class Citizen:
    """One person with a session of their own, and what they noted."""

    plan: dict[str, Any]
    number: int
    cookie: str
    token: str
    counts: "Counter[str]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"{self.plan['seed']} {self.number}")
        self._folder, self._wire = Path(self.plan["folder"]), http.client.HTTPConnection("127.0.0.1")
        self._hang_up()

    def live(self) -> None:
        """File all reports of the plan, or as many as there is time for; the one begun is always brought to its end."""
        stop = Path(self.plan["stop"])
        with (self._folder / f"{self.number:02d}.acknowledged").open("a", encoding="utf-8") as notes:
            for turn in range(self.plan["each"]):
                if stop.exists() or not self._file(f"{self.number:02d}-{turn:05d}", notes):
                    return

    def _file(self, mark: str, notes: Any) -> bool:
        text, key = self._text(mark), uuid4()
        note = {"mark": mark, "text": hashlib.sha256(text.encode()).hexdigest()}
        hangs_up = self._chance.random() < _HANGS_UP
        repeats = 1 if self._chance.random() < _REPEATS else 0
        while True:
            key = uuid4() if self.plan["protection"] == "none" else key
            answer = self._send(text, key, hangs_up=hangs_up)
            hangs_up = False
            if answer is None:
                continue
            status, body = answer
            if not 200 <= status < 300:
                self._write(notes, note | {"refused": status, "body": body[:500].decode(errors="replace")})
                return False
            answered = json.loads(body)
            receipt = answered.get("receipt") or {}
            kept = {"key": str(key), "number": answered["number"], "status": status}
            proof = {"fact": receipt.get("fact"), "leaf_hash": receipt.get("leaf_hash")}
            self._write(notes, note | kept | proof)
            if not repeats:
                return True
            repeats -= 1
            self.counts["sent again"] += 1

    def _send(self, text: str, key: UUID, *, hangs_up: bool) -> tuple[int, bytes] | None:
        """Send once; None when it must be sent again."""
        self.counts["attempts"] += 1
        try:
            self._wire.request("POST", "/api/v1/perm/reports", self._body(text, key), self._headers(key))
            if hangs_up:
                self.counts["hung up"] += 1
                time.sleep(self._chance.choice((0, 0.002, 0.01)))
                self._hang_up()
                return None
            answer = self._wire.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.counts["no answer"] += 1
            self._hang_up()
            time.sleep(self._chance.uniform(0.1, 0.5))
            return None
        if status >= 500 or status in _AGAIN:
            self.counts[_told(status, answer.headers.get("Retry-After"), body)] += 1
            time.sleep(self._chance.uniform(0.05, 0.25))
            return None
        return status, body

    def _hang_up(self) -> None:
        self._wire.close()
        self._wire = http.client.HTTPConnection("127.0.0.1", self.plan["port"], timeout=_PATIENCE_S)

    def _headers(self, key: UUID) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Cookie": self.cookie,
            "X-CSRFToken": self.token,
            "Idempotency-Key": str(key),
        }

    def _body(self, text: str, key: UUID) -> bytes:
        new: dict[str, Any] = {"category": "pothole", "text": text, "lat": 58.0, "lon": 56.1}
        if self.plan["protection"] == "id":
            new["id"] = str(key)
        return json.dumps(new).encode()

    def _text(self, mark: str) -> str:
        words = f"Яма на улице {self._chance.choice(_STREETS)}, дом {self._chance.randrange(1, 200)}. "
        return f"{words * self._chance.randrange(1, 6)}Заявка {mark}."

    @staticmethod
    def _write(notes: Any, note: dict[str, Any]) -> None:
        notes.write(json.dumps(note, ensure_ascii=False) + "\n")
        notes.flush()
        os.fsync(notes.fileno())


def _told(status: int, retry_after: str | None, body: bytes) -> str:
    """How a refusal for now is counted: its status, its code, and whether it says when to come again."""
    try:
        code = json.loads(body)["code"]
    except (ValueError, KeyError, TypeError):
        code = "no problem"
    return f"{status} {code}{' later' if retry_after else ''}"


def main(path: str) -> None:
    """Let the citizens of a plan live their lives; then say how it went."""
    plan = json.loads(Path(path).read_text())
    citizens = [Citizen(plan, **one) for one in plan["citizens"]]
    threads = [Thread(target=one.live) for one in citizens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total: Counter[str] = Counter()
    for one in citizens:
        total.update(one.counts)
    Path(path).with_suffix(".counts").write_text(json.dumps(total))


if __name__ == "__main__":
    main(sys.argv[1])
