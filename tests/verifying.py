"""A house as a stranger sees it, for tests of verifiers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.test import Client

from veche.commons.journal import services as journal
from veche.commons.journal.ports import Broken
from veche.commons.journal.rules.verifying.findings import Finding, Weight
from veche.commons.journal.rules.verifying.memory import Memory
from veche.commons.journal.rules.verifying.run import Verdict, Wish, verify
from veche.modules.reports.rules.verifying import check_reports

DEEP = Wish(deep=(check_reports,))
# Later than every promise of what was recorded a moment ago.
LATER = timedelta(minutes=10)


@dataclass
class Looked:
    """A deployment behind the test client; counts what was asked."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, *, most: int) -> bytes | None:
        """The content of an address."""
        self.asked.append(path)
        response = self.client.get(path, headers={"accept": "*/*"})
        if response.status_code == 404:
            return None
        if response.status_code == 500:
            raise Broken(path)
        assert response.status_code == 200, (path, response.status_code, response.content[:300])
        assert len(response.content) <= most
        return bytes(response.content)


def looked(wish: Wish = DEEP, memory: Memory | None = None, *, later: timedelta = LATER) -> Verdict:
    """Look at the house from outside, some time later."""
    return verify(Looked(), wish, memory, now=datetime.now(UTC) + later)


def sequenced(*, now: datetime) -> None:
    """Bring everything that waits into the log."""
    while journal.sequence(now=now):
        pass


def wrongs(verdict: Verdict) -> list[Finding]:
    """What is wrong."""
    return [one for one in verdict.findings if one.weight is Weight.WRONG]


def codes(verdict: Verdict) -> set[str]:
    """The codes of what is wrong."""
    return {one.code for one in wrongs(verdict)}


def said(verdict: Verdict) -> str:
    """Everything that is wrong, as people read it."""
    return "\n".join(one.says() for one in wrongs(verdict))
