"""What may be filed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from veche.commons.accounts.terms import Level
from veche.kernel.refusals import Refusal
from veche.modules.reports.terms import AnswerKind, CategoryView, NewReport, Question

LONGEST_ANSWER = 300
LONGEST_TITLE = 140
YES, NO = "yes", "no"


def may_file(new: NewReport, category: CategoryView | None, level: Level, *, needed: Level) -> list[Refusal]:
    """Say everything that keeps a report from being filed.

    Refuses: `reports.unknown-category`, `reports.level-too-low` and what `check_answers` refuses.
    """
    refusals = []
    if category is None or category.is_group or category.retired:
        refusals.append(Refusal("reports.unknown-category", "category"))
    else:
        refusals += check_answers(category.questions, new.answers)[1]
    if level < needed:
        refusals.append(Refusal("reports.level-too-low"))
    return refusals


def check_answers(
    questions: Sequence[Question], raw: Mapping[str, str]
) -> tuple[dict[str, str], list[Refusal]]:
    """Take the answers to a subcategory's questions; what is not asked is left out.

    Refuses, beside the question: `reports.answer-missing`, `reports.answer-too-long`, `reports.answer-not-a-number`,
    `reports.answer-not-a-date`, `reports.answer-not-a-choice`.
    """
    answers, refusals = {}, []
    for question in questions:
        text = str(raw.get(question.code, "")).strip()
        refusal = _check(question, text)
        if refusal is not None:
            refusals.append(refusal)
        elif text:
            answers[question.code] = text
    return answers, refusals


def title_of(text: str) -> str:
    """The beginning of a text, cut at a word, as lists show it."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_TITLE:
        return line
    return line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,.;:–—-") + "…"


def _check(question: Question, text: str) -> Refusal | None:
    beside = f"answer-{question.code}"
    if not text:
        return Refusal("reports.answer-missing", beside) if question.required else None
    if len(text) > LONGEST_ANSWER:
        return Refusal("reports.answer-too-long", beside, {"most": LONGEST_ANSWER})
    code = _KINDS[question.kind](question, text)
    return Refusal(code, beside) if code else None


def _number(_question: Question, text: str) -> str:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return "reports.answer-not-a-number"
    return "" if abs(number) < float("inf") else "reports.answer-not-a-number"


def _date(_question: Question, text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "reports.answer-not-a-date"
    return ""


def _choice(question: Question, text: str) -> str:
    return "" if text in question.choices else "reports.answer-not-a-choice"


def _yesno(_question: Question, text: str) -> str:
    return "" if text in {YES, NO} else "reports.answer-not-a-choice"


_KINDS: Mapping[AnswerKind, Callable[[Question, str], str]] = {
    AnswerKind.TEXT: lambda _question, _text: "",
    AnswerKind.NUMBER: _number,
    AnswerKind.DATE: _date,
    AnswerKind.CHOICE: _choice,
    AnswerKind.YESNO: _yesno,
}
