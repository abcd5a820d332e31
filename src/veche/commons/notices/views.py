"""The notices of the cabinet, and the link that stops mail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.commons.accounts.access import actor_in, is_signed_in, needs
from veche.commons.notices import queries, services
from veche.commons.notices.forms import MailForm
from veche.commons.notices.terms import PAGE, SENTENCES, NoticeView
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.refusals import Refused


@never_cache
@require_safe
@needs(is_signed_in)
def notices(request: HttpRequest) -> HttpResponse:
    """What a person was told, newest first, and how they want to be told."""
    person_id = _person(request)
    before = _before(request)
    found = queries.notices_of(person_id, before=before, limit=PAGE + 1)
    context = {
        "notices": [(one, queries.spoken(one.sentence, one.params), _city(one)) for one in found[:PAGE]],
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "is_first": before is None,
        "unread": queries.unread_count(person_id),
        "form": MailForm(initial={"mail": queries.wish_of(person_id).value}),
    }
    return render(request, "notices/list.html", context)


@never_cache
@require_safe
@needs(is_signed_in)
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    url = services.read(notice_id, person_id=_person(request), now=timezone.now())
    if url is None:
        raise Http404
    return HttpResponseRedirect(url)


@require_POST
@needs(is_signed_in)
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.read_all(_person(request), now=timezone.now())
    return HttpResponseRedirect(reverse("notices:list"))


@require_POST
@needs(is_signed_in)
def choose_mail(request: HttpRequest) -> HttpResponse:
    """Keep how a person wants to be told by mail."""
    try:
        services.choose_mail(_person(request), request.POST.get("mail", ""), now=timezone.now())
    except Refused as refused:
        messages.error(request, _(SENTENCES[refused.codes[0]]))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("notices:list"))


# A mail program presses this button without cookies (RFC 8058); the signed token is what allows it.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that stops all mail; pressing it needs no sign-in."""
    stopped = request.method == "POST"
    try:
        if stopped:
            services.unsubscribe(token, now=timezone.now())
        else:
            services.person_of_token(token)
    except Refused as refused:
        context = {"stopped": False, "error": _(SENTENCES[refused.codes[0]])}
        return render(request, "notices/unsubscribe.html", context, status=404)
    return render(request, "notices/unsubscribe.html", {"stopped": stopped, "error": ""})


def _city(notice: NoticeView) -> CityView | None:
    """The city whose clock tells when it was."""
    return places.city_by_id(notice.city_id) if notice.city_id else None


def _person(request: HttpRequest) -> UUID:
    person_id = actor_in(request).person_id
    if person_id is None:
        raise Http404
    return person_id


def _before(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        raise Http404 from None
