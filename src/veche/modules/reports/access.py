"""Who may do what with reports. Default deny."""

from uuid import UUID

from veche.commons.accounts.terms import Actor, Role
from veche.kernel.manifest import Access

_READ_AND_WRITE = ("GET", "HEAD", "POST")
_STAFF = "OFFICER | DISPATCHER | MODERATOR | ADMINISTRATOR"
_READ = ("GET", "HEAD")
READER_ROUTES = (
    Access("reports:list", _READ, "PUBLIC"),
    Access("reports:page", _READ, "PUBLIC"),
    Access("reports:map", _READ, "PUBLIC"),
    Access("reports:clusters", _READ, "PUBLIC"),
    Access("reports:seen", _READ, "PUBLIC"),
    Access("reports:geojson", _READ, "PUBLIC"),
    Access("reports:atom", _READ, "PUBLIC"),
    Access("reports:join", ("POST",), "SIGNED_IN"),
    Access("reports:leave", ("POST",), "SIGNED_IN"),
    Access("reports:confirm", ("POST",), "SIGNED_IN"),
    Access("reports:send-back", ("POST",), "SIGNED_IN"),
    Access("reports:hide", ("POST",), "MODERATOR"),
    Access("reports:show", ("POST",), "MODERATOR"),
    Access("own-reports:list", _READ, "SIGNED_IN"),
    Access("own-reports:joined", _READ, "SIGNED_IN"),
)
API_ROUTES = (
    Access("api:categories", ("GET",), "PUBLIC"),
    Access("api:reports", ("GET",), "PUBLIC"),
    Access("api:reports", ("POST",), "SIGNED_IN"),
    Access("api:report", ("GET",), "PUBLIC"),
    Access("api:report-record", ("GET",), "PUBLIC"),
    Access("api:report-join", ("POST",), "SIGNED_IN"),
    Access("api:report-moves", ("POST",), "SIGNED_IN"),
)
FILING_ROUTES = (
    Access("reports:file-what", _READ_AND_WRITE, "PUBLIC"),
    Access("reports:file-where", _READ_AND_WRITE, "PUBLIC"),
    Access("reports:file-details", _READ_AND_WRITE, "PUBLIC"),
    Access("reports:file-check", _READ_AND_WRITE, "PUBLIC"),
    Access("reports:file-mailed", _READ, "PUBLIC"),
    Access("reports:file-confirm", _READ_AND_WRITE, "PUBLIC"),
    Access("reports:file-sent", _READ, "PUBLIC"),
    Access("reports:receipt", _READ, "PUBLIC"),
)
WORK_ROUTES = (
    Access("reports:work", _READ_AND_WRITE, _STAFF),
    Access("reports:work-report", _READ_AND_WRITE, _STAFF),
    Access("reports:templates", _READ_AND_WRITE, "OFFICER"),
    Access("reports:dispatch", _READ_AND_WRITE, "DISPATCHER"),
    Access("reports:people", _READ_AND_WRITE, "ADMINISTRATOR"),
)


def may_hide(actor: Actor, city_id: UUID) -> bool:
    """Moderators of the city hide and show reports."""
    return actor.has_role(Role.MODERATOR, city_id)


def may_see_hidden(actor: Actor, city_id: UUID, author_id: UUID | None) -> bool:
    """Moderators of the city and the author still see a hidden report."""
    return may_hide(actor, city_id) or (actor.person_id is not None and actor.person_id == author_id)


def may_route(actor: Actor, city_id: UUID) -> bool:
    """Dispatchers of the city give reports to offices."""
    return actor.has_role(Role.DISPATCHER, city_id)


def may_answer(actor: Actor, office_id: UUID | None) -> bool:
    """Officers answer for their own office."""
    return actor.answers_for(office_id)


def works_in(actor: Actor, city_id: UUID) -> bool:
    """Whether the actor has a workplace in the city."""
    return any(grant.city_id == city_id for grant in actor.grants)


def may_appoint(actor: Actor, city_id: UUID) -> bool:
    """Administrators of the city give and take roles."""
    return actor.has_role(Role.ADMINISTRATOR, city_id)
