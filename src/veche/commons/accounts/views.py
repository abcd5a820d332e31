"""Sign-in by code, the profile, and the sign-in of the demonstration."""

import re
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import ConfirmLoginCodeView as AllauthConfirmLoginCodeView
from allauth.account.views import RequestLoginCodeView as AllauthRequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from veche.commons.accounts import queries, services
from veche.commons.accounts.access import actor_in, is_signed_in, needs
from veche.commons.accounts.forms import ProfileForm
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import DemoAccount

_CODE = re.compile(r"[0-9A-Za-z-]{4,12}")


class RequestLoginCodeView(AllauthRequestLoginCodeView):  # type: ignore[misc]
    """Asks for the address; `?again` forgets the address that was asked for before."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page; without `?again` a person who has a code on the way is led to it."""
        if "again" in request.GET and not request.user.is_authenticated:
            clear_login(request)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class ConfirmLoginCodeView(AllauthConfirmLoginCodeView):  # type: ignore[misc]
    """Asks for the code; the link of the mail fills it in. Opening the link alone signs nobody in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page; say so when the code grew too old."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if getattr(self, "stage", None) is not None and self._process is None:
            messages.warning(request, _("The code has grown too old. Please ask for a new one."))
        return response

    def get_initial(self) -> dict[str, Any]:
        """Take the code from the link."""
        initial: dict[str, Any] = super().get_initial()
        code = self.request.GET.get("code", "")
        return initial | ({"code": code} if _CODE.fullmatch(code) else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way back to another address."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = {"again": "1"} | ({"next": back} if (back := self.get_next_url()) else {})
        return context | {"cancel_url": f"{settings.LOGIN_URL}?{urlencode(asked)}"}


@require_safe
def to_code(request: HttpRequest) -> HttpResponse:
    """Lead from pages that this house does not need (sign-up, forgotten password) to the sign-in by code."""
    back = request.GET.urlencode()
    return HttpResponseRedirect(settings.LOGIN_URL + (f"?{back}" if back else ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(is_signed_in)
def profile(request: HttpRequest) -> HttpResponse:
    """The name and the language of the person who is signed in."""
    person = _signed_in(request)
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        services.rename(person.id, form.cleaned_data["name"])
        services.set_language(person.id, form.cleaned_data["language"])
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    has_password = bool(person.password) and person.has_usable_password()
    return render(
        request,
        "accounts/profile.html",
        {"form": form, "email": person.email, "has_password": has_password},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Choose an account of the demonstration and be signed in; does not exist outside of demonstrations."""
    if not settings.CONFIG.demo:
        raise Http404
    accounts = queries.demo_accounts()
    if request.method == "POST":
        return _enter(request, accounts)
    context = {"accounts": accounts, "back": request.GET.get("next", "")}
    return render(request, "accounts/demo.html", context)


def _enter(request: HttpRequest, accounts: list[DemoAccount]) -> HttpResponse:
    chosen = next((account for account in accounts if str(account.id) == request.POST.get("account")), None)
    if chosen is None:
        raise Http404
    person = Person.objects.get(id=chosen.id)
    login(request, person, backend="veche.commons.accounts.adapters.SignIn")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else settings.LOGIN_REDIRECT_URL)


def _signed_in(request: HttpRequest) -> Person:
    person_id = actor_in(request).person_id
    if person_id is None:
        raise PermissionDenied
    return Person.objects.get(id=person_id)
