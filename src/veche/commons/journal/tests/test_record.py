from datetime import datetime

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from veche.commons.journal import queries, services
from veche.commons.journal.models import FactRow, Outbox
from veche.commons.journal.tests.conftest import NOON, BellRang, a_bell
from veche.kernel.ids import new_id


@pytest.mark.django_db
def test_a_fact_comes_back_as_it_was_recorded() -> None:
    bell = a_bell(3, city_id=new_id())
    fact_id = services.record(bell).id
    (line,) = queries.facts_page()
    assert (line.id, line.kind, line.ref, line.city_id) == (
        fact_id,
        "journal.BellRang",
        bell.ref,
        bell.city_id,
    )
    assert BellRang.from_body(line.body, ref=line.ref, at=line.at, city_id=line.city_id) == bell
    assert list(Outbox.objects.values_list("fact_id", flat=True)) == [fact_id]


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(TransactionManagementError):
        services.record(a_bell())
    assert not FactRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_fact() -> None:
    @transaction.atomic
    def act() -> None:
        services.record(a_bell())
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        act()
    assert not FactRow.objects.exists()
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_many_facts_keep_their_order() -> None:
    ids = services.record_many(a_bell(n) for n in range(1200))
    assert ids == sorted(ids)
    assert [line.body["times"] for line in queries.facts_page(limit=3)] == [1199, 1198, 1197]
    assert Outbox.objects.count() == 1200


@pytest.mark.django_db
def test_the_list_is_filtered_and_paged_by_the_last_line_seen() -> None:
    city = new_id()
    mine = [services.record(a_bell(n, city_id=city)).id for n in range(5)]
    services.record(a_bell(9, city_id=new_id()))
    first = queries.facts_page(city_id=city, limit=2)
    second = queries.facts_page(city_id=city, limit=10, before=first[-1].id)
    assert [line.id for line in (*first, *second)] == mine[::-1]
    assert queries.facts_page(kind="journal.Other") == []
    assert [line.id for line in queries.facts_page(subject_id=first[0].ref.id)] == [first[0].id]


@pytest.mark.django_db
def test_every_list_goes_by_an_index() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("an empty table is always scanned by PostgreSQL")
    some = new_id()
    for wish in ({"city_id": some}, {"kind": "x"}, {"subject_id": some}, {"city_id": some, "kind": "x"}):
        plan = FactRow.objects.filter(**wish, id__lt=some).order_by("-id").explain()
        assert "SEARCH" in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def test_facts_hold_only_plain_public_values() -> None:
    assert a_bell(2).body() == {"times": 2}
    assert isinstance(NOON, datetime)
