"""Refusals speak the reader's language; the bubbles of a browser speak the browser's, and hide ours."""

import re
from pathlib import Path

import veche

_FORM = re.compile(r'<form method="post"([^>]*)>(.*?)</form>', re.DOTALL)


def test_no_browser_answers_in_our_place():
    silent = [
        f"{template.name}: {words[:80].strip()}"
        for template in Path(next(iter(veche.__path__))).rglob("jinja2/**/*.html")
        for attributes, words in _FORM.findall(template.read_text())
        if re.search(r"required(?!=false)", words) and "novalidate" not in attributes
    ]
    assert not silent, silent
