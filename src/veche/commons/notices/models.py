"""Notices to people, and how each wants to be told."""

from typing import ClassVar

from django.db import models

from veche.commons.accounts.models import Person
from veche.kernel.ids import new_id


class Notice(models.Model):
    """One thing a person is told. The sentence is made from `sentence` (an English message id) and `params`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_id = models.UUIDField(null=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    fact_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    sentence = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "fact_id", "kind"], name="notice_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-created_at"], name="notice_person"),
            models.Index(fields=["mail_due_at"], name="notice_mail", condition=models.Q(mailed_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Preference(models.Model):
    """How a person wants to be told: `at-once`, `daily` or `never` by mail; the cabinet always shows all."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    mail = models.CharField(max_length=8, default="at-once")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.mail


class Letter(models.Model):
    """A mail or a text message on its way. The row goes when the post has taken it, so no copy stays behind.

    `due_at` also is the claim: a worker moves it ahead before it sends, so that no other sends the same. A letter
    that was given up is due beyond every real moment; `why` is a class or a code, never what a server said.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=4, default="mail")
    city_id = models.UUIDField(null=True)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    until_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    gave_up_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="letter_given_up", condition=models.Q(gave_up_at__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.id)


class ClosedPost(models.Model):
    """That a post did not answer, and until when nobody asks it again. The row goes when it takes a letter."""

    channel = models.CharField(max_length=4, primary_key=True)
    until_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return self.channel
