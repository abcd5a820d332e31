"""The texts that offices answer with often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.casework import access, rules
from veche.commons.casework.models import AnswerTemplate
from veche.commons.offices.models import Office
from veche.commons.places.models import City
from veche.kernel.pack import Pack
from veche.kernel.refusals import Refusal, Refused, refuse_if


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What an officer writes into a template; no office means every office of the city."""

    city_id: UUID
    title: str
    text: str
    language: str
    office_id: UUID | None = None
    verb: str = "answer"
    category: str = ""
    id: UUID | None = None


@transaction.atomic
def save_template(new: NewTemplate, *, by: Actor) -> AnswerTemplate:
    """Keep a template, new or changed.

    Refuses: `casework.not-your-template`, `casework.not-found` and what `rules.check_template` refuses.
    """
    if not access.allows(access.may_keep_templates, by, new):
        raise Refused(Refusal("casework.not-your-template"))
    refuse_if(rules.check_template(new.title, new.text))
    row = AnswerTemplate(city_id=new.city_id) if new.id is None else _own(new.id, by=by)
    if row.city_id != new.city_id:
        raise Refused(Refusal("casework.not-found"))
    row.office_id, row.language = new.office_id, new.language
    row.title, row.text = new.title.strip(), new.text.strip()
    row.verb, row.category = new.verb, new.category
    row.save()
    return row


@transaction.atomic
def delete_template(template_id: UUID, *, by: Actor) -> None:
    """Throw a template away; answers that were written with it stay as they are.

    Refuses: `casework.not-your-template`, `casework.not-found`.
    """
    _own(template_id, by=by).delete()


@transaction.atomic
def load_templates(pack: Pack, city: City, *, now: datetime) -> None:
    """Take the pack's templates over: changed ones change, those it no longer has go, officers' own ones stay.

    Refuses: never; the pack was checked when it was read.
    """
    offices = dict(Office.objects.filter(city=city).values_list("code", "pk"))
    rows = list(_rows(pack, city, offices))
    AnswerTemplate.objects.filter(city=city).exclude(code="").delete()
    AnswerTemplate.objects.bulk_create(rows)


def _rows(pack: Pack, city: City, offices: dict[str, UUID]) -> Iterator[AnswerTemplate]:
    for one in pack.templates:
        for language, text in one.texts.items():
            yield AnswerTemplate(
                city=city,
                office_id=offices.get(one.office),
                code=one.code,
                verb=one.verb,
                category=one.category,
                title=one.titles.get(language, one.code),
                text=text,
                language=language,
            )


def _own(template_id: UUID, *, by: Actor) -> AnswerTemplate:
    row = AnswerTemplate.objects.select_for_update().filter(pk=template_id).first()
    if row is None:
        raise Refused(Refusal("casework.not-found"))
    if not access.allows(access.may_keep_templates, by, row):
        raise Refused(Refusal("casework.not-your-template"))
    return row
