"""Pages load nothing from other hosts, carry no inline code, and files have honest names."""

import re

import pytest
from tests.shared import ROOT

SOURCE = ROOT / "src" / "veche"
NAMELESS = {"utils", "helpers", "common", "misc", "manager", "data"}
LOADS = re.compile(
    r"""(?:src|srcset|poster|data|action)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|<link[^>]+href\s*=\s*["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
    r"""|(?:fetch|import|Worker|EventSource|WebSocket)\(\s*["'`](?:https?:|wss?:)?//""",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")"""
)


def files(*suffixes):
    return [path for path in SOURCE.rglob("*") if path.suffix in suffixes and path.is_file()]


@pytest.mark.parametrize("path", files(".html", ".css", ".js", ".svg"), ids=lambda path: path.name)
def test_nothing_is_loaded_from_an_outside_address(path):
    assert LOADS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", files(".html"), ids=lambda path: path.name)
def test_templates_carry_no_inline_code_or_style(path):
    if "message" in path.name or "email" in path.parts:
        pytest.skip("mail is read outside of our pages")
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


def test_no_file_has_a_name_that_says_nothing():
    named = [path for path in (*SOURCE.rglob("*"), *(ROOT / "tests").rglob("*")) if path.stem in NAMELESS]
    assert named == []


def test_no_model_class_is_called_a_manager_and_no_save_is_overridden():
    for path in SOURCE.glob("*/*/models.py"):
        text = path.read_text()
        assert "def save(" not in text, path
        assert "GenericForeignKey" not in text, path


def test_no_file_of_ours_is_very_long():
    """A file over about 300 lines becomes a package."""
    long = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 360
    }
    assert long == {}
