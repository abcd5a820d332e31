"""Reads categories.toml: the five top categories, their subcategories and questions."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from veche.kernel.pack.section import Problems, Section
from veche.kernel.pack.shapes import (
    GROUPS,
    QUESTION_KINDS,
    STAGES,
    PackCategory,
    PackChoice,
    PackQuestion,
)
from veche.kernel.pack.work import read_source
from veche.kernel.terms import Source


def read_categories(folder: Path, problems: Problems, *, terms: Collection[str]) -> tuple[PackCategory, ...]:
    """Read categories.toml: top categories first, subcategories after them in the order of the file."""
    file = problems.toml(folder, "categories.toml")
    if file is None:
        return ()
    groups = [_group(one, number) for number, one in enumerate(file.parts("group", required=True))]
    categories = [
        _category(one, number, terms) for number, one in enumerate(file.parts("category", required=True))
    ]
    file.done()
    _check_groups(file, groups, categories)
    return (*groups, *categories)


def _check_groups(file: Section, groups: list[PackCategory], categories: list[PackCategory]) -> None:
    for code, count in Counter(one.code for one in (*groups, *categories)).items():
        if code and count > 1:
            file.problems.note("duplicate-code", file.file, code, value=code)
    have = {one.code for one in groups}
    filled = {one.parent for one in categories}
    for code in GROUPS:
        if code not in have:
            file.note("no-group", value=code)
        elif code not in filled:
            file.note("empty-group", value=code)


def _group(one: Section, position: int) -> PackCategory:
    code = one.code()
    if code and code not in GROUPS:
        one.note("not-allowed", key="code", value=code, allowed=", ".join(GROUPS))
    group = PackCategory(
        code=code,
        names=one.names(),
        position=position,
        hints=one.names("hints", required=False),
        symbol=one.text("symbol"),
    )
    one.done()
    return group


def _category(one: Section, position: int, terms: Collection[str]) -> PackCategory:
    code = one.code()
    category = PackCategory(
        code=code,
        parent=one.one_of("group", GROUPS),
        names=one.names(),
        position=position,
        hints=one.names("hints", required=False),
        symbol=one.text("symbol"),
        questions=tuple(_question(part, terms) for part in one.parts("question")),
        terms=_terms(one, terms),
        keywords=one.texts_by_language("keywords"),
        examples=one.texts_by_language("examples"),
        standard=_standard(one),
        retired_on=one.day("retired_on"),
    )
    one.done()
    for question, count in Counter(question.code for question in category.questions).items():
        if question and count > 1:
            one.note("duplicate-code", value=question)
    if "answer" not in category.terms:
        one.note("no-answer-term", value=code)
    return category


def _terms(one: Section, known: Collection[str]) -> dict[str, str]:
    terms = one.words("terms")
    for stage, term in terms.items():
        if stage not in STAGES:
            one.note("not-allowed", key="terms", value=stage, allowed=", ".join(STAGES))
        if term not in known:
            one.note("unknown-reference", key=stage, value=term)
    return terms


def _standard(one: Section) -> Source | None:
    part = one.part("standard")
    if part is None:
        return None
    source = read_source(part)
    part.done()
    return source


def _question(one: Section, terms: Collection[str]) -> PackQuestion:
    question = PackQuestion(
        code=one.code(),
        kind=one.one_of("kind", QUESTION_KINDS),
        names=one.names(),
        required=one.flag("required"),
        choices=tuple(_choice(part, terms) for part in one.parts("choice")),
    )
    one.done()
    if question.kind == "choice" and len(question.choices) < 2:
        one.note("no-choices")
    if question.kind != "choice" and question.choices:
        one.note("stray-choices")
    for choice, count in Counter(choice.code for choice in question.choices).items():
        if choice and count > 1:
            one.note("duplicate-code", value=choice)
    return question


def _choice(one: Section, terms: Collection[str]) -> PackChoice:
    choice = PackChoice(one.code(), one.names(), _terms(one, terms))
    one.done()
    return choice
