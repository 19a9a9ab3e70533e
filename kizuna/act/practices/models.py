"""Practices, their versions, who was given which arm, and where everybody stands."""

from django.db import models
from django.db.models import Q

STATES = ("waiting", "done", "stuck", "left")
"""«running» exists only inside the transaction that moves a row, so no other transaction ever sees it."""


class Practice(models.Model):
    """One way of serving customers, under trial. ``salt`` decides every lot and never changes.

    Personal data: none.
    """

    name = models.SlugField(max_length=60, unique=True)
    title_ja = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    state = models.CharField(
        max_length=7, choices=[(state, state) for state in ("draft", "running", "paused", "ended")], default="draft"
    )
    salt = models.CharField(max_length=40)
    priority = models.IntegerField(default=0)
    """The higher one sends first when a customer may get only one more message."""
    number = models.IntegerField(default=1)
    """The version that new people enter."""
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    swept_generation = models.IntegerField(default=-1)

    def __str__(self) -> str:
        return self.name


class PracticeVersion(models.Model):
    """The flow as it was from one edit to the next; never changed, since people inside finish it.

    Personal data: none.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    flow = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="practice_version_once")]

    def __str__(self) -> str:
        return f"{self.practice_id} v{self.number}"


class Assignment(models.Model):
    """A customer became eligible and drew an arm, for good. ``person`` is the customer's root at that moment and
    stays so when records are merged or parted later; ``share`` is the hold-out share the lot was drawn under.

    Personal data: which practice was tried on a customer. Basis: legitimate interest in knowing what serves
    customers. Erased by: kept under the pseudonym, since every effect is counted from it.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    arm = models.CharField(max_length=60)
    held_out = models.BooleanField()
    share = models.FloatField()
    store = models.CharField(max_length=60, blank=True)
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "person"], name="assigned_once")]


class Enrolment(models.Model):
    """One treated customer inside one version, at ``node``, due at ``due_at``; ``cause`` is what began it.

    A row is moved under its lock and never holds a lease: a killed worker's transaction leaves it as it was.
    ``occurrence`` counts how often staff put it back to a step, so that a repeated step has a key of its own.

    Personal data: what was done for a customer and, in ``context``, ids and codes used in messages. Basis: as the
    practice. Erased by: practices.operations.erase_people (``context`` emptied, open ones left).
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(PracticeVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=60)
    caused_at = models.DateTimeField()
    node = models.CharField(max_length=40)
    occurrence = models.IntegerField(default=0)
    state = models.CharField(max_length=7, choices=[(state, state) for state in STATES], default="waiting")
    due_at = models.DateTimeField(null=True)
    awaits = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    """After a failure; ``due_at`` stays what it was, since lateness counts from it."""
    entered_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    context = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "cause"], name="enrolled_once_per_cause"),
            models.CheckConstraint(condition=~Q(state="waiting") | Q(due_at__isnull=False), name="waiting_is_due"),
            models.CheckConstraint(condition=~Q(state__in=("stuck", "left")) | ~Q(reason=""), name="stuck_is_named"),
        ]
        indexes = [
            # With the id: a million rows due at one moment would otherwise be sorted anew for every slice.
            models.Index(fields=["practice", "due_at", "id"], condition=Q(state="waiting"), name="enrolment_due"),
            models.Index(
                fields=["practice", "retry_at"], condition=Q(state="waiting", attempts__gt=0), name="enrolment_troubled"
            ),
            models.Index(fields=["awaits", "person"], condition=~Q(awaits=""), name="enrolment_awaits"),
            models.Index(fields=["practice"], condition=Q(state="stuck"), name="enrolment_stuck"),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.cause}"


class PersonTag(models.Model):
    """A tag that a practice put on a customer.

    Personal data: the tag. Basis: as the practice. Erased by: practices.operations.erase_people.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.CharField(max_length=60)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    tagged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "tag"], name="tagged_once")]
