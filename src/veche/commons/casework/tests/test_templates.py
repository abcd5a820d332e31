from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from veche.commons.accounts.terms import Actor
from veche.commons.casework import queries, services
from veche.commons.casework.models import AnswerTemplate
from veche.commons.casework.services import NewTemplate
from veche.commons.casework.tests.conftest import an_officer
from veche.commons.offices.models import Office
from veche.commons.places.models import City
from veche.kernel.pack import Template
from veche.kernel.refusals import Refused

TEXT = "Яму засыпали, спасибо за сообщение."


def a_template(city: City, office: Office | None, **changes: Any) -> NewTemplate:
    values = {"title": "Готово", "text": TEXT, "language": "ru", "office_id": office.id if office else None}
    return NewTemplate(city_id=city.id, **{**values, **changes})


def test_an_office_sees_its_own_templates_and_the_citys(
    city: City, roads: Office, parks: Office, officer: Actor, monday: datetime
) -> None:
    own = services.save_template(a_template(city, roads), by=officer)
    services.save_template(a_template(city, parks), by=an_officer("parks@example.org", parks))
    pack: Any = SimpleNamespace(templates=[Template("done", {"ru": "Сделано"}, {"ru": TEXT}, verb="answer")])
    for _ in range(2):
        services.load_templates(pack, city, now=monday)
    found = queries.templates_for(roads.id, city.id, "ru")
    assert [one.title for one in found] == ["Готово", "Сделано"]
    assert found[0].id == own.id
    assert queries.templates_for(roads.id, city.id, "en") == []


def test_a_template_the_pack_dropped_goes_and_the_officers_stay(
    city: City, roads: Office, officer: Actor, monday: datetime
) -> None:
    services.save_template(a_template(city, roads), by=officer)
    pack: Any = SimpleNamespace(templates=[Template("done", {"ru": "Сделано"}, {"ru": TEXT})])
    services.load_templates(pack, city, now=monday)
    pack.templates = []
    services.load_templates(pack, city, now=monday)
    assert [one.title for one in AnswerTemplate.objects.all()] == ["Готово"]


def test_nobody_touches_the_templates_of_others(
    city: City, roads: Office, parks: Office, officer: Actor
) -> None:
    stranger = an_officer("parks@example.org", parks)
    own = services.save_template(a_template(city, roads), by=officer)
    for attempt in (
        lambda: services.save_template(a_template(city, None), by=stranger),
        lambda: services.save_template(a_template(city, parks, id=own.id), by=stranger),
        lambda: services.delete_template(own.id, by=stranger),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.codes == ("casework.not-your-template",)
    services.delete_template(own.id, by=officer)
    assert not AnswerTemplate.objects.exists()


def test_an_empty_template_is_refused_beside_both_fields(city: City, roads: Office, officer: Actor) -> None:
    with pytest.raises(Refused) as refused:
        services.save_template(a_template(city, roads, title=" ", text=""), by=officer)
    assert [one.field for one in refused.value.refusals] == ["title", "text"]
