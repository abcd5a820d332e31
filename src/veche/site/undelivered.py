"""What did not arrive: facts some listener could not take, letters no post took. Administrators send them again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from veche.commons.accounts.access import actor_in, has_role, needs
from veche.commons.accounts.terms import Role
from veche.commons.journal import queries as journal
from veche.commons.journal import services as journal_services
from veche.commons.journal.terms import UndeliveredFact
from veche.commons.journal.views.listing import entries
from veche.commons.notices import queries as notices
from veche.commons.notices import services as letters
from veche.commons.notices.terms import CHANNEL_WORDS
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.manifest import Access

PAGE = 30


class Waiting(NamedTuple):
    """A city somebody administers, and how much did not arrive there."""

    city: CityView
    url: str
    things: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(has_role(Role.ADMINISTRATOR))
def undelivered(request: HttpRequest, city: str) -> HttpResponse:
    """Facts and letters of the city, and of none, that did not arrive; send them again, or let letters go."""
    here: CityView = request.city  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, here)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is not None:
        messages.success(request, act(request.POST, here))
    return redirect("undelivered", city=city)


def card(request: HttpRequest) -> str:
    """What the cabinet shows to administrators; nothing for everybody else."""
    actor = actor_in(request)
    held = {grant.city_id for grant in actor.grants if grant.role is Role.ADMINISTRATOR}
    cities = [city for one in sorted(held) if (city := places.city_by_id(one)) is not None]
    if not cities:
        return ""
    waiting = [
        Waiting(one, reverse("undelivered", kwargs={"city": one.code}), _count(one.id)) for one in cities
    ]
    return render_to_string("site/undelivered_card.html", {"cities": waiting}, request)


def _count(city_id: UUID) -> int:
    return journal.undelivered(city_id).count() + notices.dead_letter_count(city_id)


def _release_fact(raw: QueryDict, city: CityView) -> str:
    fact_id = _uuid(raw.get("id"))
    count = journal_services.release(fact_id, now=timezone.now(), city_id=city.id) if fact_id else 0
    return _said_facts(count)


def _release_facts(_raw: QueryDict, city: CityView) -> str:
    return _said_facts(journal_services.release_parked(now=timezone.now(), city_id=city.id))


def _said_facts(count: int) -> str:
    if not count:
        return gettext("There was nothing left to do: it has arrived meanwhile.")
    words = ngettext(
        "%(num)s fact is on its way again. Below you will see what becomes of it.",
        "%(num)s facts are on their way again. Below you will see what becomes of them.",
        count,
    )
    return words % {"num": count}


def _release_letters(raw: QueryDict, city: CityView) -> str:
    count = letters.release_letters(now=timezone.now(), city_id=city.id, letter_ids=_chosen(raw))
    words = ngettext("%(num)s letter is on its way again.", "%(num)s letters are on their way again.", count)
    return words % {"num": count}


def _let_letters_go(raw: QueryDict, city: CityView) -> str:
    count = letters.let_letters_go(now=timezone.now(), city_id=city.id, letter_ids=_chosen(raw))
    return ngettext("%(num)s letter was thrown away.", "%(num)s letters were thrown away.", count) % {
        "num": count
    }


_ACTS: Mapping[str, Callable[[QueryDict, CityView], str]] = {
    "fact": _release_fact,
    "facts": _release_facts,
    "letters": _release_letters,
    "let-go": _let_letters_go,
}


def _chosen(raw: QueryDict) -> list[UUID] | None:
    """One letter, or all of them where none is named; what is no id names no letter."""
    if "id" not in raw:
        return None
    letter_id = _uuid(raw.get("id"))
    return [letter_id] if letter_id else []


def _page(request: HttpRequest, city: CityView) -> HttpResponse:
    after, letters_after = _uuid(request.GET.get("after")), _uuid(request.GET.get("letters-after"))
    facts = journal.undelivered_facts(city.id, after=after, limit=PAGE + 1)
    dead = notices.dead_letters(city.id, after=letters_after, limit=PAGE + 1)
    context: dict[str, Any] = {
        "city": city,
        "facts": _told(facts[:PAGE]),
        "fact_count": journal.undelivered(city.id).count(),
        "next": facts[PAGE - 1].line.id if len(facts) > PAGE else "",
        "letters": dead[:PAGE],
        "letter_count": notices.dead_letter_count(city.id),
        "letters_next": dead[PAGE - 1].id if len(dead) > PAGE else "",
        "is_later": after is not None or letters_after is not None,
        "channels": CHANNEL_WORDS,
        "reruns": journal.reruns(city.id),
    }
    return render(request, "site/undelivered.html", context)


def _told(facts: Iterable[UndeliveredFact]) -> list[tuple[UndeliveredFact, str, str]]:
    """Each fact with its sentence and the address of what it is about."""
    facts = list(facts)
    told = entries(fact.line for fact in facts)
    return [(fact, entry.says, entry.address) for fact, entry in zip(facts, told, strict=True)]


def _uuid(raw: str | None) -> UUID | None:
    try:
        return UUID(raw or "")
    except ValueError:
        return None


PERMISSIONS = (Access("undelivered", ("GET", "HEAD", "POST"), Role.ADMINISTRATOR.name),)
city_urlpatterns: list[URLPattern] = [path("work/undelivered/", undelivered, name="undelivered")]
