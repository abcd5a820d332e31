"""How django-allauth speaks and acts in this house."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core import context as running
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from veche.commons.accounts import queries, services
from veche.commons.accounts.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by a code from a mail; no user names, no open sign-up form."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _(
            "This address and this password do not go together. You can also sign in with a code by e-mail."
        ),
        "incorrect_code": _("This is not the code from our latest e-mail. Please look again."),
        "too_many_login_attempts": _("Too many attempts. Please wait a little and ask for a new code."),
        "rate_limited": _("Too many attempts. Please wait a little and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account is opened by signing in with a code."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign a person in; who came with a code has shown that the address is theirs."""
        super().login(request, user)
        records = get_authentication_records(request, user)
        if isinstance(user, Person) and records and records[-1]["method"] == "code":
            services.confirm_contact(user, now=timezone.now())

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is written, without a prefix."""
        return str(subject)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Add what our mails say beyond allauth's: the link, how long the code lives, the name of the deployment."""
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        more = {"origin": settings.CONFIG.origin, "minutes": minutes, "link": ""}
        if "code" in context:
            more["link"] = self._link(context["code"])
        headers = {"Auto-Submitted": "auto-generated", **(headers or {})}
        with translation.override(translation.get_language()):
            message: EmailMessage = super().render_mail(template_prefix, email, context | more, headers)
        # The queue lets a mail go that could not be sent while its code was good.
        message.useful_minutes = minutes  # type: ignore[attr-defined]
        return message

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner of an account that its password changed; a person here has one address."""
        super().send_notification_mail(template_prefix, user, context, email or getattr(user, "email", None))

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Ask for the password once more, by the one address a person has."""
        again = self.authenticate(running.request, email=getattr(user, "email", ""), password=password)
        return again is not None and again.pk == user.pk

    @staticmethod
    def _link(code: str) -> str:
        """The address of the page that asks for the code, with the code filled in and the way back kept."""
        request = running.request
        asked = {"code": code}
        back = (request.POST.get("next") or request.GET.get("next")) if request else None
        if back:
            asked["next"] = back
        return f"{settings.CONFIG.origin}{reverse('account_confirm_login_code')}?{urlencode(asked)}"


class SignIn(AuthenticationBackend):  # type: ignore[misc]
    """Finds the person of a session by one plain statement: every request of a signed-in person begins with it."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person, unless the account is closed."""
        return queries.person_of_session(user_id)
