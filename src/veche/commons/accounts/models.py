"""People and the roles they hold."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from veche.commons.accounts.terms import Level, Role
from veche.kernel.ids import new_id


class People(BaseUserManager["Person"]):
    """Finds people by their address of mail, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this address of mail."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """An account. `email` is kept in lower case; `name` is what the city calls the person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, default="ru")
    level = models.PositiveSmallIntegerField(
        choices=[(level.value, level.name.lower()) for level in Level], default=Level.ANONYMOUS
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.id)


class RoleGrant(models.Model):
    """A role a person holds in a city, for an office where the role asks for one; `until_at` ends it.

    `given_by` and `taken_by` name the people who did it (none: the system), each with a reason.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    city_id = models.UUIDField()
    office_id = models.UUIDField(null=True)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    given_by = models.UUIDField(null=True)
    given_why = models.CharField(max_length=300, blank=True)
    taken_by = models.UUIDField(null=True)
    taken_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "until_at"], name="grant_person"),
            models.Index(fields=["city_id", "role"], name="grant_city_role"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "city_id", "office_id"],
                condition=models.Q(until_at=None),
                nulls_distinct=False,
                name="grant_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"
