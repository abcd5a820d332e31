"""Filing step by step, as a browser without scripts does it; pages are read as people read them."""

import re
from html import unescape
from typing import Any

from django.test import Client

from veche.commons.media import terms as media
from veche.commons.notices import terms as notices
from veche.commons.places import terms as places
from veche.commons.submissions import terms as submissions
from veche.modules.reports import terms as reports

TEXT = "Глубокая яма у перехода, машины объезжают по тротуару."
CHECK = "/perm/report/check"


def told(answer: Any) -> str:
    """A page without its tags, with single blanks."""
    text = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(text.replace("\u00a0", " ").split())


def hidden(answer: Any, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'<input type="hidden" name="{name}"[^>]* value="([^"]*)"', answer.content.decode())
    assert found, name
    return unescape(found[1])


def refused(answer: Any) -> list[tuple[str, str]]:
    """What a refused page says at its top, in English: codes of refusals and the fields they lead to."""
    page = answer.content.decode()
    assert answer.status_code == 422, answer.status_code
    summary = re.search(r'<div class="summary".*?</div>', page, re.DOTALL)
    assert summary
    lines = re.findall(r'<li>(?:<a href="#f-([^"]*)">)?([^<]*)', summary[0])
    return [(_code(" ".join(unescape(said).replace("\u00a0", " ").split())), field) for field, said in lines]


def visitor(language: str = "ru") -> Client:
    """Somebody who is not signed in."""
    client = Client()
    client.cookies["lang"] = language
    return client


def up_to_check(client: Client, *, category: str = "pothole", **more: str) -> Any:
    """Fill in the three steps; answers what the last one answered."""
    client.post("/perm/report", {"category": category})
    client.post("/perm/report/where", {"lat": "58.0", "lon": "56.1", "act": "next", "address": "Ленина, 10"})
    return client.post("/perm/report/details", {"text": TEXT, "act": "next"} | more)


def send(client: Client) -> Any:
    """Press the button of the check page."""
    return client.post(CHECK, {"draft": hidden(client.get(CHECK), "draft")})


def link_in_mail() -> str:
    """The link of the newest letter."""
    from veche.commons.notices.models import Letter

    found = re.search(r"/perm/report/confirm/[\w-]+/[\w-]+", Letter.objects.latest("id").body)
    assert found
    return found[0]


def _code(said: str) -> str:
    for terms in (reports, submissions, media, places, notices):
        for code, sentence in terms.SENTENCES.items():
            if re.fullmatch(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(sentence)), said):
                return str(code)
    return said
