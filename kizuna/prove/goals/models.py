"""Goals, bound to a metric, with the start they were set from and the result they were closed with."""

from django.db import models
from django.db.models import Q

from kizuna.prove.goals.rules import LEVELS, STATES


class Goal(models.Model):
    """One goal of a person, a team, a store or the company. It is judged by the metric in its due month.

    Personal data: which member of staff answers for it. Basis: employment. Erased by: deleting the user.
    """

    title = models.CharField(max_length=120)
    level = models.CharField(max_length=7, choices=[(level, level) for level in LEVELS])
    owner = models.ForeignKey("staff.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    team = models.CharField(max_length=80, blank=True)
    store = models.CharField(max_length=60, blank=True, db_index=True)
    touchpoint = models.CharField(max_length=60, blank=True)
    metric = models.CharField(max_length=90)
    why = models.TextField(blank=True)
    target = models.FloatField()
    due_month = models.DateField()
    """The first day of the month that is judged."""
    start_value = models.FloatField(null=True)
    start_low = models.FloatField(null=True)
    start_high = models.FloatField(null=True)
    start_n = models.IntegerField(null=True)
    start_month = models.DateField()
    """The first month after those the start was measured in."""
    state = models.CharField(max_length=7, choices=[(state, state) for state in STATES], default="open")
    closed_at = models.DateTimeField(null=True)
    closed_month = models.DateField(null=True)
    closed_value = models.FloatField(null=True)
    closed_low = models.FloatField(null=True)
    closed_high = models.FloatField(null=True)
    closed_note = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="goal_closed_has_its_moment",
            )
        ]

    def __str__(self) -> str:
        return self.title
