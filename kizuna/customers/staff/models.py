"""The people who work with Kizuna."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from kizuna.customers.staff.rules import Role


class UserManager(BaseUserManager["User"]):
    """Finds users by their login, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff who signs in by mail address; the role says what they may do, the stores where.

    Personal data: name, mail address. Basis: employment. Erased by: deleting the user.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    stores = models.ManyToManyField("stores.Store", related_name="+", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]
