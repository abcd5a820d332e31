"""The documents tell of the house as it stands."""

import re
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from pydantic import ValidationError
from tests.shared import ROOT

from veche.commons.casework.terms import Workflow
from veche.commons.notices.adapters.mailers import mailer_from
from veche.site.config import Config
from veche.site.console.table import COMMANDS, rooms_commands

DOCS = ROOT / "docs"
MODULES = [name.rpartition(".")[2] for name in settings.VECHE_MODULES if name.startswith("veche.")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
PLACEHOLDERS = {"city": "aa", "number": "bb", "draft": "00000000-0000-7000-8000-000000000000", "token": "cc"}


def page_of(module):
    return (DOCS / "modules" / f"{module}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_page_with_its_facts_and_its_moves(module):
    page = page_of(module)
    manifest = import_module(f"veche.modules.{module}.module").MODULE
    for fact in manifest.facts:
        assert f"`{fact.__name__}`" in page
    for fact in manifest.on:
        assert f"`{fact.__name__}`" in page
    terms = import_module(f"veche.modules.{module}.terms")
    workflow = getattr(terms, "WORKFLOW", None)
    if isinstance(workflow, Workflow):
        rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", page, re.MULTILINE))
        assert {move.verb for move in workflow.transitions} <= set(rows)
        for move in workflow.transitions:
            cells = [cell.strip() for cell in rows[move.verb].split("|")]
            said = {word.replace(" ", "_") for word in cells[0].split(", ")}
            assert said == {str(status) for status in move.sources}, move.verb
            assert cells[1].replace(" ", "_") == move.target, move.verb


@pytest.mark.parametrize("module", MODULES)
def test_the_page_of_a_module_names_where_it_is_read(module):
    page = page_of(module)
    for line in import_module(f"veche.modules.{module}.module").MODULE.permissions:
        if "GET" not in line.methods or line.route in {
            "reports:file-where", "reports:file-details", "reports:file-check",
            "reports:file-mailed", "reports:file-confirm", "reports:file-sent",
        }:  # fmt: skip
            continue  # the steps of one form stand under the form
        assert address_of(line.route) in page, line.route


def address_of(route):
    """The address of a route as people write it: `/<city>/reports/<number>`."""
    from django.urls import NoReverseMatch

    for names in ((), ("city",), ("city", "number")):
        try:
            address = reverse(route, kwargs={name: PLACEHOLDERS[name] for name in names})
        except NoReverseMatch:
            continue
        return address.replace("/aa", "/<city>").replace("/bb", "/<number>")
    raise AssertionError(f"{route} takes something else")


@pytest.mark.parametrize(
    "path",
    [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "deploy").rglob("*.md"))],
    ids=lambda path: path.name,
)
def test_every_link_inside_the_documents_leads_somewhere(path):
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_operations_tells_of_every_command():
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    for words in {" ".join(one.words[:2]) for one in COMMANDS} | set(rooms_commands()):
        first, _, second = words.partition(" ")
        assert f"`veche {first}" in text, words
        assert not second or second in text, words


def test_the_example_of_a_deployment_is_a_good_one(monkeypatch):
    lines = (ROOT / "deploy" / "veche.env").read_text(encoding="utf-8").splitlines()
    for name, _, value in (line.partition("=") for line in lines if "=" in line and line[0] != "#"):
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match="VECHE_SECRET_KEY"):
        Config()
    monkeypatch.setenv("VECHE_SECRET_KEY", "x" * 48)
    config = Config()
    assert config.production
    assert urlsplit(config.public_url).hostname in config.allowed_hosts
    assert config.proxies == 1
    assert mailer_from(config.mail_url, config.mail_from)


def test_both_readmes_show_the_same_commands_settings_and_documents():
    english, russian = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ru.md"))

    def shown(text):
        code = [
            line.partition("#")[0].strip()
            for block in re.findall(r"```\n(.*?)```", text, re.DOTALL)
            for line in block.splitlines()
        ]
        links = {link.replace(".ru.md", ".md") for link in LINK.findall(text)}
        names = {name for name in re.findall(r"`([^`\n]+)`", text) if "." not in name or "=" in name}
        return code, links - {"README.md"}, names, text.count("\n## "), text.count("\n|")

    assert shown(english) == shown(russian)
