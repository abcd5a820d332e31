"""Cases, their steps and clocks, and what offices keep for answering them."""

from typing import ClassVar

from django.db import models

from veche.commons.accounts.models import Person
from veche.commons.offices.models import Office
from veche.commons.places.models import City
from veche.kernel.ids import new_id


class Case(models.Model):
    """The work an office owes on one subject. `status` is a word of the module's WORKFLOW.

    `due_at` is the deadline of the clock that runs now (`clock`); `overdue_at` is when the office missed its own.
    Without an office the dispatcher has it. Few indexes, and partial ones: filing writes here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(unique=True)
    workflow = models.CharField(max_length=40)
    status = models.CharField(max_length=20)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False
    )
    officer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    clock = models.CharField(max_length=12, blank=True)
    due_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    planned_on = models.DateField(null=True)
    not_ours_count = models.PositiveSmallIntegerField(default=0)
    steps_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["office", "due_at", "id"], name="case_queue", condition=models.Q(closed_at=None)
            ),
            models.Index(
                fields=["city", "due_at", "id"],
                name="case_dispatch",
                condition=models.Q(office=None, closed_at=None),
            ),
            models.Index(
                fields=["office", "-answered_at"],
                name="case_office_answered",
                condition=models.Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Step(models.Model):
    """One move of a case. Rows are only ever added. `actor_role` is public, `actor` is not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=24)
    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    actor_role = models.CharField(max_length=20)
    actor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "position"], name="step_position")]

    def __str__(self) -> str:
        return f"{self.verb} {self.case_id}"


class Clock(models.Model):
    """One running or stopped clock of a case: its stage, its term with the source in law, its deadline."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    stage = models.CharField(max_length=12)
    term = models.CharField(max_length=40)
    days = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    source = models.JSONField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "started_at"], name="clock_case"),
            models.Index(
                fields=["due_at"], name="clock_due", condition=models.Q(stopped_at=None, missed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.case_id}"


class AnswerTemplate(models.Model):
    """A text an office answers with often; an empty office means every office of the city.

    `code` names a template of the city pack; templates that officers write have none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+", db_index=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    code = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=24, default="answer")
    category = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    language = models.CharField(max_length=5)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "office", "language"], name="template_office")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "code", "language"], condition=~models.Q(code=""), name="template_code"
            )
        ]

    def __str__(self) -> str:
        return self.title


class OfficePace(models.Model):
    """How fast an office usually answers: medians over its last answers, kept by a sweep."""

    office = models.OneToOneField(Office, on_delete=models.CASCADE, primary_key=True, related_name="pace")
    median_days = models.FloatField()
    p80_days = models.FloatField()
    answers = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.office_id)
