"""Every address stands in the access table, and every line of the table is an address."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from veche.commons.accounts.terms import Role
from veche.site import access

WHO = {"PUBLIC", "SIGNED_IN", *(role.value for role in Role), *(role.name for role in Role)}


def routes(patterns=None, prefix=""):
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            space = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from routes(one.url_patterns, space)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}" if one.name else "", str(one.pattern)


def test_every_address_has_a_name():
    assert [pattern for name, pattern in routes() if not name] == []


def test_every_address_is_declared():
    declared = {line.route for line in access.table()}
    missing = sorted({name for name, _ in routes()} - declared)
    assert missing == [], f"not in the access table of any module.py: {missing}"


def test_every_declaration_is_an_address():
    known = {name for name, _ in routes()}
    strangers = sorted({line.route for line in access.table()} - known)
    assert strangers == []


def test_nothing_is_declared_twice():
    lines = [(line.route, method) for line in access.table() for method in line.methods]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("line", access.table(), ids=lambda line: line.route)
def test_every_line_says_who_in_a_known_word(line):
    for who in line.who.replace("|", " ").replace(",", " ").split():
        assert who in WHO, line.who
    assert set(line.methods) <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
