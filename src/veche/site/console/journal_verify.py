"""Check the journal of any deployment from outside.

Exit codes: 0 all proven, 1 something is wrong or missing, 2 it could not be checked.
"""

import argparse
import gettext
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veche.site.console.tongue import tongue

if TYPE_CHECKING:
    from veche.commons.journal.rules.notes import Verifier
    from veche.commons.journal.rules.verifying.findings import Finding
    from veche.commons.journal.rules.verifying.log import Progress
    from veche.commons.journal.rules.verifying.memory import Memory
    from veche.commons.journal.rules.verifying.run import DeepCheck, Verdict

PROVEN, WRONG, UNCHECKED = 0, 1, 2
_MARKS = {"proven": "✓", "wrong": "✗", "unchecked": "?", "note": "·"}
_LOCALE = Path(__file__).resolve().parents[2] / "commons" / "journal" / "locale"


_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--receipt", {"metavar": "FILE", "type": Path, "action": "append", "default": []}),
    ("--state", {"metavar": "FILE", "type": Path}),
    ("--witness", {"metavar": "VKEY", "action": "append", "default": []}),
    ("--witnesses", {"metavar": "N", "type": int}),
    ("--accept", {"action": "store_true"}),
    ("--quick", {"action": "store_true"}),
    ("--full", {"action": "store_true"}),
    ("--deep", {"action": "store_true"}),
    ("--offline", {"action": "store_true"}),
    ("--json", {"action": "store_true"}),
)
_HELP = {
    "--receipt": "a saved receipt, or a folder of them; may be given several times",
    "--state": "where to remember the log between two looks",
    "--witness": "the key of a witness you trust, in place of those the log names; may be given several times",
    "--witnesses": "how many witnesses must have signed",
    "--accept": "believe the key and the witnesses shown now, after you asked whoever runs the log",
    "--quick": "only proofs, do not read the lines",
    "--full": "read every line again, not only the new ones",
    "--deep": "read every line, and compare with them everything that readers are shown",
    "--offline": "only what receipts prove by themselves; ask nobody",
    "--json": "answer in JSON",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which deployment, and how deeply."""
    parser.add_argument(
        "url", metavar="URL", help="the address of the deployment, like https://veche.example.org"
    )
    for name, more in _OPTIONS:
        parser.add_argument(name, help=_HELP[name], **more)


def run(options: argparse.Namespace) -> int:
    """Check, tell, remember."""
    from veche.commons.journal.ports import Unreachable

    try:
        return _checked(options)
    except Unreachable as error:
        return _unchecked(f"{error}.", options)
    except ValueError as error:
        return _unchecked(f"{error}.", options)


def _checked(options: argparse.Namespace) -> int:
    from veche.commons.journal.adapters.deployment import HttpDeployment
    from veche.commons.journal.adapters.remembered import read_memory
    from veche.commons.journal.rules.verifying import run as verifying

    now = datetime.now(UTC)
    memory = _memory(read_memory, options)
    receipts = tuple(_receipts(options.receipt))
    if options.offline:
        verdict = verifying.verify_offline(receipts, memory.key if memory else None)
        return _tell(verdict, options, now)
    wish = verifying.Wish(
        receipts,
        _witnesses(options.witness),
        options.witnesses,
        quick=options.quick,
        full=options.full,
        accept=options.accept,
        deep=_deep() if options.deep else None,
    )
    deployment = HttpDeployment(options.url)
    try:
        with _progress(quiet=options.json) as progress:
            verdict = verifying.verify(deployment, wish, memory, now=now, progress=progress)
    finally:
        deployment.close()
    return _tell(verdict, options, now)


def _memory(read: "Callable[[Path], Memory | None]", options: argparse.Namespace) -> "Memory | None":
    if options.state is None:
        return None
    try:
        memory = read(options.state)
    except ValueError as error:
        raise ValueError(
            f"“{options.state}” does not read as what was remembered of a log: {error}"
        ) from error
    return memory


def _deep() -> "tuple[DeepCheck, ...]":
    from veche.modules.reports.rules.verifying import check_reports

    return (check_reports,)


def _witnesses(texts: Sequence[str]) -> "tuple[Verifier, ...]":
    from veche.commons.journal.rules.notes import Verifier

    return tuple(map(Verifier.parse, texts))


def _receipts(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            yield file.name, file.read_bytes()


def _tell(verdict: "Verdict", options: argparse.Namespace, now: datetime) -> int:
    from veche.commons.journal.adapters.remembered import keep_evidence, write_memory
    from veche.commons.journal.rules.verifying.findings import Weight

    kept = []
    if options.state is not None:
        for one in verdict.findings:
            if one.weight is Weight.WRONG and one.evidence:
                kept += keep_evidence(options.state, one.code, one.evidence, now=now)
        if verdict.memory is not None:
            write_memory(options.state, verdict.memory)
    if options.json:
        sys.stdout.write(json.dumps(_body(verdict, kept), ensure_ascii=False, default=str) + "\n")
    else:
        _write(verdict.findings, kept)
    if verdict.is_wrong:
        return WRONG
    return UNCHECKED if not verdict.findings or _any_unchecked(verdict.findings) else PROVEN


def _any_unchecked(findings: "Sequence[Finding]") -> bool:
    return any(one.weight == "unchecked" for one in findings)


def _body(verdict: "Verdict", kept: Sequence[Path]) -> dict[str, object]:
    return {
        "proven": not verdict.is_wrong and not _any_unchecked(verdict.findings),
        "size": verdict.checkpoint.size if verdict.checkpoint else None,
        "root": verdict.checkpoint.root.hex() if verdict.checkpoint else None,
        "findings": [
            {"weight": one.weight, "code": one.code, "says": one.says(), "params": dict(one.params)}
            for one in verdict.findings
        ],
        "evidence": [str(path) for path in kept],
    }


def _write(findings: "Sequence[Finding]", kept: Sequence[Path]) -> None:
    translated = gettext.translation("django", _LOCALE, languages=[tongue()], fallback=True).gettext
    for one in findings:
        sys.stdout.write(f"{_MARKS[one.weight]} {one.says(translated)}\n")
    for path in kept:
        sys.stdout.write(f"→ {path}\n")


def _unchecked(sentence: str, options: argparse.Namespace) -> int:
    if options.json:
        sys.stdout.write(json.dumps({"proven": False, "unchecked": sentence, "findings": []}) + "\n")
    sys.stderr.write(f"veche: {sentence}\n")
    return UNCHECKED


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Progress]":
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as screen:
        tasks: dict[str, int] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = screen.add_task(what)
            screen.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

        yield show
