"""What was decided about a trial, and every look that was taken at it."""

from django.db import models


class Plan(models.Model):
    """How a practice is judged. Without ``ends_at`` it may be looked at for ever (a confidence sequence); with it the
    looks spend their 5 % towards ``people_planned``. ``by_lot`` is false where staff chose who got the practice.

    Personal data: none.
    """

    practice = models.CharField(max_length=60, unique=True)
    ends_at = models.DateTimeField(null=True)
    people_planned = models.PositiveIntegerField(null=True)
    by_lot = models.BooleanField(default=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(people_planned__isnull=False),
                name="trial_end_has_people",
            )
        ]

    def __str__(self) -> str:
        return self.practice


class Look(models.Model):
    """One look at one metric of a practice: at most one a day in Japan. Each spends a little of the 5 %, so none is
    ever removed. ``people`` had their outcome in; the numbers are as they were shown that day.

    Personal data: none.
    """

    practice = models.CharField(max_length=60)
    metric = models.CharField(max_length=80)
    window_days = models.PositiveIntegerField()
    day = models.DateField()
    people = models.PositiveIntegerField()
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    p = models.FloatField()
    crossed = models.BooleanField()
    verdict = models.CharField(max_length=8)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "metric", "window_days", "day"], name="trial_look_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.practice} {self.metric} {self.day}"


class StoreStart(models.Model):
    """A way of serving that some stores began on a day, without any lot: compared with the other stores.

    Personal data: none.
    """

    practice = models.CharField(max_length=60)
    store = models.CharField(max_length=60)
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "store"], name="trial_store_starts_once")]

    def __str__(self) -> str:
        return f"{self.practice} {self.store}"
