"""Texts an office answers with often: written, changed and deleted by its own people."""

from importlib import import_module

import pytest

from veche.commons.casework.models import AnswerTemplate

TEMPLATES = "/perm/work/templates/"


@pytest.fixture
def desk(boris, signed_in):
    return signed_in(boris, language="en")


@pytest.fixture
def mended(perm, office_id):
    return AnswerTemplate.objects.create(
        city_id=perm.id,
        office_id=office_id("roads"),
        title="Mended",
        text="The pit is mended.",
        language="en",
    )


def test_an_officer_writes_a_template_for_the_own_office(perm, desk, office_id):
    answer = desk.post(TEMPLATES, {"title": "Mended", "text": "The pit is mended."})
    assert answer["Location"] == TEMPLATES
    kept = AnswerTemplate.objects.get(office_id=office_id("roads"))
    assert (kept.title, kept.text, kept.language) == ("Mended", "The pit is mended.", "en")
    assert "The pit is mended." in desk.get(TEMPLATES).content.decode()


def test_a_template_is_changed_in_its_place_and_deleted(desk, mended):
    page = desk.get(f"{TEMPLATES}?template={mended.pk}").content.decode()
    assert "Change the template" in page
    form = {"template": str(mended.pk), "office": str(mended.office_id)}
    desk.post(TEMPLATES, {**form, "title": "Mended", "text": "The pit is mended well."})
    assert [one.text for one in AnswerTemplate.objects.filter(pk=mended.pk)] == ["The pit is mended well."]
    desk.post(TEMPLATES, {**form, "act": "delete"})
    assert not AnswerTemplate.objects.filter(pk=mended.pk).exists()


def test_a_template_without_a_title_is_refused_beside_its_field_and_keeps_its_text(desk):
    before = AnswerTemplate.objects.count()
    answer = desk.post(TEMPLATES, {"title": "", "text": "The pit is mended."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give the template a title." in page.split('id="f-title-error"')[1].split("</p>")[0]
    assert ">The pit is mended.</textarea>" in page
    assert AnswerTemplate.objects.count() == before


def test_nobody_writes_or_deletes_the_templates_of_another_office(mended, olga, alice, signed_in):
    stranger = signed_in(olga, language="en")
    form = {"template": str(mended.pk), "office": str(mended.office_id)}
    assert stranger.post(TEMPLATES, {**form, "title": "Mine", "text": "Now it is mine."}).status_code == 403
    stranger.post(TEMPLATES, {"template": str(mended.pk), "act": "delete"})
    assert AnswerTemplate.objects.get(pk=mended.pk).title == "Mended"
    assert signed_in(alice).get(TEMPLATES).status_code == 403


def test_many_templates_are_shown_page_by_page_each_once(perm, desk, office_id, monkeypatch):
    monkeypatch.setattr(import_module("veche.modules.reports.views.work.templates"), "TEMPLATES_PAGE", 3)
    AnswerTemplate.objects.all().delete()
    for number in range(7):
        AnswerTemplate.objects.create(
            city_id=perm.id, office_id=office_id("roads"), title=f"Text {number}", text="Done.", language="en"
        )
    pages = [desk.get(f"{TEMPLATES}?page={page}").content.decode() for page in (1, 2, 3)]
    shown = [[n for n in range(7) if f"Text {n}" in page] for page in pages]
    assert shown == [[0, 1, 2], [3, 4, 5], [6]]
    assert ["page=2" in pages[0], "page=3" in pages[1], "page=4" in pages[2]] == [True, True, False]
    assert desk.get(f"{TEMPLATES}?page=x").status_code == 200
