"""The sentences of the site itself, and of the kernel, which has no manifest of its own."""

from collections.abc import Mapping
from types import MappingProxyType

from veche.kernel.pack.sentences import SENTENCES as PACK_SENTENCES
from veche.kernel.words import N_

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        **PACK_SENTENCES,
        "ids.not-a-number": N_("This is not a number of ours. It looks like 1042-7."),
        "ids.mistyped-number": N_(
            "One digit of this number must be wrong. Please compare it with your receipt."
        ),
        "access.denied": N_(
            "Your role does not allow this. Sign in with another account, or ask the administrator."
        ),
        "access.sign-in": N_("Please sign in first."),
        "site.refused": N_("This cannot be done. Nothing was changed."),
        "site.not-found": N_("There is nothing at this address."),
        "site.bad-input": N_("Please check what you sent: some of it cannot be read."),
        "site.bad-value": N_("This value cannot be used here."),
        "site.missing-value": N_("This value is missing."),
        "site.not-allowed": N_("This cannot be done with this method."),
        "site.too-large": N_("This is too much at once. Nothing was changed."),
        "site.failure": N_("Something broke on our side. Nothing was lost; please try again in a minute."),
        "site.no-room": N_("Our disk is full: this was not saved. Please send it again in a few minutes."),
        "site.no-database": N_("We do not reach our records just now. Please send it again in a minute."),
    }
)
