"""Reports and the categories a city sorts them into."""

from typing import ClassVar

from django.db import models

from veche.commons.casework.models import Case
from veche.commons.journal.terms import Recorded
from veche.commons.offices.models import Office
from veche.commons.places.models import City, Place
from veche.commons.submissions.models import Submission
from veche.kernel.ids import new_id


class Category(models.Model):
    """A kind of problem. A top category has no parent; only subcategories are reported.

    `questions` are typed and asked per subcategory; `terms` names the pack's terms per clock (`answer`, `fix`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    code = models.SlugField(max_length=60)
    names = models.JSONField()
    hints = models.JSONField(default=dict)
    symbol = models.CharField(max_length=20, blank=True)
    questions = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="category_code")]

    def __str__(self) -> str:
        return self.code


class Report(models.Model):
    """A citizen's report. It keeps what lists and maps show beside its own row, so that a page is one range scan.

    `status`, `overdue`, `office`, `due_at` repeat the case; `cell`, `lat`, `lon`, `place` repeat the submission;
    the services write both in one transaction. `title` is the beginning of the text, `folded` its lower-case form.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    serial = models.BigIntegerField(unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=60)
    status = models.CharField(max_length=20)
    overdue = models.BooleanField(default=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField()
    lon = models.FloatField()
    cell = models.BigIntegerField()
    title = models.CharField(max_length=140)
    folded = models.CharField(max_length=140)
    address = models.CharField(max_length=300, blank=True)
    photo_id = models.UUIDField(null=True)
    supporters = models.PositiveIntegerField(default=0)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates", db_index=False
    )
    why = models.JSONField(default=dict)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False)
    # No column: the fact of its filing, where it was filed just now and a receipt is about to be written.
    recorded: Recorded | None = None

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["city", "-serial"], name="report_list", condition=models.Q(hidden=False)),
            models.Index(fields=["city", "status", "-serial"], name="report_status"),
            models.Index(fields=["city", "group", "-serial"], name="report_group"),
            models.Index(fields=["city", "category", "-serial"], name="report_category"),
            models.Index(fields=["city", "place", "-serial"], name="report_place"),
            models.Index(fields=["city", "-serial"], name="report_overdue", condition=models.Q(overdue=True)),
            models.Index(
                fields=["duplicate_of"],
                name="report_duplicate",
                condition=models.Q(duplicate_of__isnull=False),
            ),
            models.Index(fields=["office", "-overdue", "due_at", "serial"], name="report_queue"),
            models.Index(fields=["city", "cell", "status", "group", "lat", "lon"], name="report_cell"),
        ]

    def __str__(self) -> str:
        return str(self.serial)
