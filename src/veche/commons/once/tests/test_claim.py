"""A call is claimed before its act, answered after it, and forgotten in the end."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from veche.commons.once import services, tasks
from veche.commons.once.models import Given
from veche.commons.once.terms import Answer, Call
from veche.kernel.forgetting import Forgotten
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)
DONE = Answer(201, "application/json", "/where", b'{"number": "\xd1\x8f"}', "session")


def a_call(person_id=None, body=b"\x01" * 32):
    return Call(uuid4(), person_id, body)


def done(call, at=NOON):
    with transaction.atomic():
        assert services.claim(call, now=at) is None
        services.answer(call, DONE, now=at)


def test_the_first_may_act_and_all_others_get_its_answer():
    call = a_call(new_id())
    done(call)
    for _ in range(3):
        with transaction.atomic():
            assert services.claim(call, now=NOON) == DONE


def test_another_body_is_refused_and_another_key_is_another_call():
    call = a_call()
    done(call)
    with transaction.atomic():
        assert services.claim(Call(call.id, None, b"\x02" * 32), now=NOON) == Refusal("once.other-body")
        assert services.claim(a_call(), now=NOON) is None


def test_a_claim_that_is_given_up_leaves_nothing():
    call = a_call()
    with transaction.atomic():
        services.claim(call, now=NOON)
        services.release(call)
    assert not Given.objects.exists()
    done(call)


def test_a_claim_falls_with_its_act():
    call = a_call()

    def break_off():
        with transaction.atomic():
            services.claim(call, now=NOON)
            services.answer(call, DONE, now=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not Given.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_can_be_claimed():
    with pytest.raises(transaction.TransactionManagementError):
        services.claim(a_call(), now=NOON)


def test_answers_go_after_two_days():
    for hours in (47, 49, 200):
        done(a_call(), NOON - timedelta(hours=hours))
    assert tasks.sweep_answers(NOON) == 2
    assert tasks.sweep_answers(NOON) == 0
    assert Given.objects.get().at == NOON - timedelta(hours=47)


def test_a_person_who_is_erased_takes_their_answers_along():
    anna, boris = new_id(), new_id()
    for person_id in (anna, anna, boris, None):
        done(a_call(person_id))
    assert services.forget_person(Forgotten(anna, "anna@example.org"), now=NOON) == 2
    assert Given.objects.filter(person_id=boris).count() == Given.objects.filter(person_id=None).count() == 1
