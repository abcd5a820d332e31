"""Forms of notices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from veche.commons.notices.terms import WISHES


class MailForm(forms.Form):
    """How a person wants to be told by mail."""

    mail = forms.ChoiceField(
        label=_("News by e-mail"),
        choices=[(wish.value, _(words)) for wish, words in WISHES.items()],
        widget=forms.RadioSelect,
    )
