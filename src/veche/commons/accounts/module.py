"""Accounts, as the house sees them."""

from veche.commons.accounts.terms import GRANT, PERSON, SENTENCES, RoleGranted, RoleRevoked
from veche.kernel.manifest import Access, Module, Sweep

_READ = ("GET", "HEAD")
_BOTH = ("GET", "HEAD", "POST")

MODULE = Module(
    name="accounts",
    kinds=(PERSON, GRANT),
    site_urls="veche.commons.accounts.urls",
    facts=(RoleGranted, RoleRevoked),
    sweeps=(Sweep("veche.commons.accounts.tasks.sweep_unconfirmed", minutes=60),),
    permissions=(
        Access("account_login", _BOTH, "PUBLIC"),
        Access("account_request_login_code", _BOTH, "PUBLIC"),
        Access("account_confirm_login_code", _BOTH, "PUBLIC"),
        Access("account_password_login", _BOTH, "PUBLIC"),
        Access("account_logout", _BOTH, "PUBLIC"),
        Access("account_inactive", _READ, "PUBLIC"),
        Access("account_reauthenticate", _BOTH, "SIGNED_IN"),
        Access("account_change_password", _BOTH, "SIGNED_IN"),
        Access("account_set_password", _BOTH, "SIGNED_IN"),
        Access("account_reset_password", _READ, "PUBLIC"),
        Access("account_signup", _READ, "PUBLIC"),
        Access("accounts:demo", _BOTH, "PUBLIC"),
        Access("accounts:profile", _BOTH, "SIGNED_IN"),
    ),
    forget="veche.commons.accounts.services.forget_person",
    sentences=SENTENCES,
)
