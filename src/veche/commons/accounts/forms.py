"""Forms of accounts."""

from typing import Any

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from veche.commons.accounts import services
from veche.commons.accounts.models import Person
from veche.commons.accounts.rules import LONGEST_NAME
from veche.kernel.refusals import Refused


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]
    """One field: the address of mail. An address that is new gets an account, confirmed by the code.

    Known and unknown addresses are answered alike, so that nobody learns who has an account.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = _("E-mail")
        field.widget.attrs |= {"autocomplete": "email", "inputmode": "email", "autofocus": True}
        field.widget.attrs.pop("placeholder", None)

    _user: Person | None

    def clean_email(self) -> str:
        """Count the attempt, then find or open the account."""
        email: str = super().clean_email()
        if email and self._user is None:
            try:
                person = services.register(email, language=translation.get_language(), now=timezone.now())
            except Refused as refused:
                raise forms.ValidationError(
                    _("This does not look like an e-mail address. Please check it.")
                ) from refused
            self._user = person if person.is_active else None
        return email


class ProfileForm(forms.Form):
    """What the city may call a person, and in which language."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("It stands beside a report only where you asked for that. You may leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
