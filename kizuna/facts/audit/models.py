"""Who did what, in a chain that shows when it was tampered with."""

from django.db import models


class AuditEntry(models.Model):
    """One act of a person or of the system; never changed, never deleted.

    ``hash`` covers the entry and the hash before it.

    Personal data: the staff member's id in ``actor`` and ids in ``target`` and ``detail``, never a
    customer's name, address or text. Basis: duty to show who handled personal data.
    Erased by: kept; the ids lead nowhere once the person they name is erased.
    """

    recorded_at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=120)
    action = models.CharField(max_length=80, db_index=True)
    target = models.CharField(max_length=200, db_index=True)
    detail = models.JSONField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"
