"""Which files are the present state, and what each generation of it changed."""

from django.db import models


class StateGeneration(models.Model):
    """One swap of the state. ``touched`` maps a unit table to the months it changed, or to "everything".

    Personal data: none.
    """

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    touched = models.JSONField()
    # Fingerprint of the rules it was made by; a release with other unit tables makes the state anew.
    rules = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"generation {self.number}"


class StateFile(models.Model):
    """One immutable Parquet file with units of one bucket of one table.

    ``retired_at`` is set in the transaction that brings its successor; the file goes later, since a
    reader may still have it open.

    Personal data: none; the file it names holds pseudonyms and codes.
    """

    table = models.CharField(max_length=20)
    bucket = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=200, unique=True)
    generation = models.BigIntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["table", "bucket"], condition=models.Q(retired_at=None), name="statefile_live"),
            models.Index(fields=["retired_at"], condition=models.Q(retired_at__isnull=False), name="statefile_retired"),
        ]

    def __str__(self) -> str:
        return self.path
