"""What has been published and how far it has come: into the lake, and to the reactions."""

from django.db import models


class Batch(models.Model):
    """A set of entries claimed together; its number names their files, so writing it twice writes the same files.

    Personal data: none.
    """

    claimed_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    folded_at = models.DateTimeField(null=True)
    fact_count = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            # Both conditions hold for a handful of rows at a time, however long the history grows.
            models.Index(fields=["id"], condition=models.Q(written_at=None), name="batch_unwritten"),
            models.Index(fields=["id"], condition=models.Q(folded_at=None), name="batch_unfolded"),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class WorkerBeat(models.Model):
    """A running worker says that it lives. A worker that ends takes its row with it; a killed one leaves it behind.

    Personal data: none.
    """

    worker = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker} seen {self.seen_at}"


class StepTrouble(models.Model):
    """A step of a worker's round that keeps failing; its first success takes the row away, as does the worker's end.

    The error names places in the program, never a row. Personal data: none.
    """

    worker = models.CharField(max_length=120)
    step = models.CharField(max_length=120)
    error = models.TextField()
    failed_count = models.PositiveIntegerField()
    since = models.DateTimeField()
    failed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "step"], name="trouble_once_per_step")]

    def __str__(self) -> str:
        return f"{self.step} failed {self.failed_count} times"


class Checkup(models.Model):
    """The last check of what must always hold: when, how long it took, and what did not hold. There is one row.

    Personal data: none; ``found`` names rows by number only.
    """

    begun_at = models.DateTimeField(null=True)
    """Set while a worker is at it."""
    checked_at = models.DateTimeField(null=True)
    took_seconds = models.FloatField(default=0)
    found = models.JSONField(default=list)
    """A list of {rule, ja, en, count, examples}."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="outbox_checkup_is_one")]

    def __str__(self) -> str:
        return f"checked {self.checked_at}"


class OutboxEntry(models.Model):
    """Facts of one type that committed with one change; the payload is columnar and compressed.

    Personal data: pseudonyms (person record ids) and codes only. Basis: contract with the customer,
    legitimate interest in statistics. Erased by: nothing to erase, since the person's row that gives
    the pseudonym a name is erased in the database; the payload itself is emptied once it is old.
    """

    fact_type = models.CharField(max_length=60)
    fact_count = models.PositiveIntegerField()
    payload = models.BinaryField()
    recorded_at = models.DateTimeField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    wakes = models.BooleanField()
    reacted_at = models.DateTimeField(null=True)
    reacted_count = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    error = models.TextField(default="")
    parked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(batch=None), name="entry_unclaimed"),
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(wakes=True, reacted_at=None, parked_at=None),
                name="entry_reaction_due",
            ),
            models.Index(fields=["parked_at"], condition=models.Q(parked_at__isnull=False), name="entry_parked"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(fact_count__gte=1), name="entry_has_facts"),
            models.CheckConstraint(
                condition=models.Q(reacted_count__lte=models.F("fact_count")), name="entry_reacted_at_most_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact_count} {self.fact_type} ({self.pk})"
