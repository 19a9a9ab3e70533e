"""Which files are the lake. A file on disk without a row here is garbage."""

from django.db import models

from kizuna.facts.outbox.models import Batch


class LakeFile(models.Model):
    """One immutable Parquet file of facts of one type and one Japanese calendar month.

    ``batch`` is NULL for a file merged from others. ``retired_at`` is set when a merged file has taken
    its place; the file itself is removed later, since a reader may still have it open.

    Personal data: none; the file it names holds pseudonyms and codes.
    """

    path = models.CharField(max_length=200, unique=True)
    fact_type = models.CharField(max_length=60)
    month = models.DateField()
    fact_count = models.PositiveBigIntegerField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["fact_type", "month"], condition=models.Q(retired_at=None), name="lakefile_live"),
            models.Index(fields=["retired_at"], condition=models.Q(retired_at__isnull=False), name="lakefile_retired"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(fact_count__gte=1), name="lakefile_has_facts"),
        ]

    def __str__(self) -> str:
        return self.path
