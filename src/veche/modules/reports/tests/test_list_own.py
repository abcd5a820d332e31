"""What a person finds of theirs in the cabinet, and what a city shows on its page."""

import re

import pytest

from veche.modules.reports import services
from veche.modules.reports.tests.work_cast import filed, moved


@pytest.fixture
def world(perm, alice, clara, boris, now, deliver):
    mine = [filed(perm, alice, now=now, text=f"Моя яма номер {at}, глубокая.") for at in range(3)]
    theirs = filed(perm, clara, now=now, text="Чужая яма, но и мне она мешает.")
    services.join_report(theirs.pk, by=alice, now=now)
    moved(mine[0], "answer", boris, now=now)
    deliver()
    return mine, theirs


def test_the_cabinet_lists_my_reports_and_those_i_joined(signed_in, alice, clara, world):
    page = signed_in(alice, language="en").get("/cabinet/").content.decode()
    assert page.index("Моя яма номер 2") < page.index("Моя яма номер 0") < page.index("Чужая яма")
    assert "<b>Look at the answer: confirm it or send it back.</b>" in page
    assert "Моя яма" not in signed_in(clara).get("/cabinet/").content.decode()


def test_all_my_reports_are_paged(signed_in, alice, world, monkeypatch):
    monkeypatch.setattr("veche.modules.reports.views.cards.OWN_PAGE", 2)
    browser = signed_in(alice)
    first = browser.get("/cabinet/reports").content.decode()
    assert first.count('<li class="card">') == 2
    before = world[0][1].serial
    assert f'href="?before={before}"' in first
    assert "Моя яма номер 0" in browser.get(f"/cabinet/reports?before={before}").content.decode()


def test_all_reports_i_joined_are_paged_and_hidden_ones_are_left_out(
    perm, alice, clara, mila, now, signed_in, monkeypatch
):
    monkeypatch.setattr("veche.modules.reports.views.cards.OWN_ON_CARD", 2)
    monkeypatch.setattr("veche.modules.reports.views.cards.OWN_PAGE", 2)
    theirs = [filed(perm, clara, now=now, text=f"Чужая яма номер {at}, глубокая.") for at in range(5)]
    for one in theirs:
        services.join_report(one.pk, by=alice, now=now)
    services.hide_report(theirs[3].pk, "insult", by=mila, now=now)
    browser, seen, page = signed_in(alice), [], "/cabinet/reports/joined"
    assert f'href="{page}"' in browser.get("/cabinet/").content.decode()
    while page:
        text = browser.get(page).content.decode()
        seen.append(re.findall(r"Чужая яма номер (\d)", text))
        older = re.search(r'href="(\?before=[^"]+)" rel="next"', text)
        page = f"/cabinet/reports/joined{older[1]}" if older else ""
    assert seen == [["4"], ["2", "1"], ["0"]]
    assert browser.get("/cabinet/reports/joined?before=x").status_code == 200


def test_who_joined_nothing_reads_how_to(signed_in, alice):
    page = signed_in(alice, language="en").get("/cabinet/reports/joined").content.decode()
    assert "You have joined no report yet." in page


def test_strangers_sign_in_first(client, perm):
    for page in ("/cabinet/reports", "/cabinet/reports/joined"):
        assert client.get(page).url.startswith("/accounts/login/")


def test_a_city_counts_what_is_open(client, world):
    page = client.get("/perm/", headers={"cookie": "lang=en"}).content.decode()
    assert "What is open in the city" in page
    assert '<a href="/perm/reports">3</a>' in page
    assert "The newest reports" in page
    assert "The same as a table" in page


def test_an_empty_city_says_so(client, perm):
    page = client.get("/perm/", headers={"cookie": "lang=en"}).content.decode()
    assert "Nobody has reported anything here yet" in page
