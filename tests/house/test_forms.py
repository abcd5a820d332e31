"""Every form that sends something brings the field against forged forms and the key that lets it be done once."""

import re

import pytest
from tests.shared import ROOT

# Forms without `csrf_input`, each with its reason.
WITHOUT = {
    "look.html": "it only sets cookies, and costs readers none",
    "unsubscribe.html": "the signed token of the mail allows it, without cookies; once more changes nothing",
}
FORM = re.compile(
    r'<form\b[^>]*\bmethod="post".*?</form>|<form\b[^>]*\bmethod="post".*', re.DOTALL | re.IGNORECASE
)
TEMPLATES = sorted(
    path
    for path in (*(ROOT / "src").rglob("*.html"), *(ROOT / "tests").rglob("*.html"))
    if FORM.search(path.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_brings_its_token_and_its_key(path):
    forms = FORM.findall(path.read_text(encoding="utf-8"))
    missing = [form[:120] for form in forms if "{{ csrf_input }}" not in form]
    assert bool(missing) == (path.name in WITHOUT), missing


def test_forms_were_found_and_the_exceptions_are_there():
    names = {path.name for path in TEMPLATES}
    assert len(names) > 15
    assert set(WITHOUT) <= names
