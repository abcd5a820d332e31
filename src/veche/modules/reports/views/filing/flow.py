"""The draft behind the steps: which one is open, what it still lacks, and the cookie that finds it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from veche.commons.accounts import queries as accounts
from veche.commons.accounts.terms import Actor
from veche.commons.media import queries as media
from veche.commons.places.terms import CityView
from veche.commons.submissions import services as submissions
from veche.commons.submissions.models import Draft
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries
from veche.modules.reports.terms import CategoryView

COOKIE = "draft"
KEPT_S = 14 * 24 * 60 * 60
STEPS = ("what", "where", "details", "check")


@dataclass(slots=True)
class Flow:
    """One person filling in one report."""

    city: CityView
    actor: Actor
    draft: Draft

    @property
    def values(self) -> dict[str, Any]:
        """What was typed so far."""
        held: dict[str, Any] = self.draft.values
        return held

    @property
    def category(self) -> CategoryView | None:
        """The subcategory chosen."""
        return forms.category_of(self.values, self.city)

    @property
    def is_visitor(self) -> bool:
        """Whether nobody is signed in, so that a mail must confirm the report."""
        return self.actor.person_id is None

    @property
    def own_name(self) -> str:
        """The name that stands beside the report if its author wants it; empty as long as none is known."""
        known = accounts.people_of([self.actor.person_id] if self.actor.person_id else [])
        return next((one.name for one in known.values()), "")

    def keep(self, values: dict[str, Any]) -> list[Refusal]:
        """Lay what was just typed into the draft; what is too much for it still stands on the page."""
        try:
            self.draft = submissions.keep(self.draft, values, now=timezone.now())
        except Refused as refused:
            self.draft.values = self.draft.values | values
            return list(refused.refusals)
        return []

    def wrong_details(self, category: CategoryView) -> list[Refusal]:
        """What keeps the details from being sent."""
        refusals = forms.check_details(self.values, category)
        return refusals + (forms.check_email(self.values) if self.is_visitor else [])

    def lacks(self, step: str) -> str:
        """The first step before `step` that is not yet complete; empty when all are."""
        category = self.category
        complete: dict[str, Callable[[], bool]] = {
            "what": lambda: category is not None,
            "where": lambda: not forms.check_where(self.values, self.city),
            "details": lambda: category is not None and not self.wrong_details(category),
        }
        before = STEPS[: STEPS.index(step)]
        return next((one for one in before if not complete[one]()), "")

    def photos(self) -> list[Any]:
        """The photographs of the draft."""
        return media.photos_of([self.draft.id]).get(self.draft.id, [])


View = Callable[[HttpRequest, Flow], HttpResponse]


def step(name: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A step of the form: finds or begins the draft, and sends back whoever left a step out."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def stepped(request: HttpRequest, city: str, **_kwargs: Any) -> HttpResponse:
            flow, token = _flow(request)
            missing = flow.lacks(name)
            answer = redirect(f"reports:file-{missing}", city=city) if missing else view(request, flow)
            if token:
                answer.set_cookie(
                    COOKIE,
                    token,
                    max_age=KEPT_S,
                    path=f"/{city}/report",
                    httponly=True,
                    samesite="Lax",
                    secure=request.is_secure(),
                )
            return private(answer)

        return stepped

    return decorate


def private(answer: HttpResponse) -> HttpResponse:
    """Keep a page with somebody's words out of every cache, and its address out of what others are told."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    return answer


def page(
    request: HttpRequest, flow: Flow, name: str, refusals: Sequence[Refusal] = (), **more: Any
) -> HttpResponse:
    """Show a step with what was typed and what is still wrong with it."""
    context = {
        "city": flow.city,
        "values": forms.BLANK | flow.values,
        "category": flow.category,
        "catalogue": queries.catalogue(flow.city),
        "refusals": list(refusals),
        "photos": flow.photos() if flow.draft.values else [],
        "visitor": flow.is_visitor,
        **more,
    }
    return render(request, f"reports/file_{name}.html", context, status=422 if refusals else 200)


def _flow(request: HttpRequest) -> tuple[Flow, str | None]:
    city: CityView = request.city  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    cookie, now = request.COOKIES.get(COOKIE), timezone.now()
    if request.method == "POST":
        draft, token = submissions.draft_for(
            cookie, city_id=city.id, purpose=forms.PURPOSE, person_id=actor.person_id, now=now
        )
        return Flow(city, actor, draft), token
    # Looking at the form writes nothing: a draft begins with the first thing somebody types. But the browser knows
    # by then how the draft will be found, for the answer to that first thing may get lost on its way.
    held = submissions.find_draft(cookie, city_id=city.id, purpose=forms.PURPOSE, person_id=actor.person_id)
    begun = held or Draft(city_id=city.id, purpose=forms.PURPOSE, changed_at=now)
    return Flow(city, actor, begun), None if cookie or held else submissions.new_token()
