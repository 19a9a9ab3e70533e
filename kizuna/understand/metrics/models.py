"""Which roll-up files are alive, and what they were made from."""

from django.db import models


class CubeState(models.Model):
    """One row: the present generation of the roll-ups, the state generation and the definitions behind it.

    Personal data: none.
    """

    generation = models.PositiveBigIntegerField(default=0)
    # Names the generation beyond doubt: after a restored backup the same number may stand for other files.
    token = models.CharField(max_length=16, default="")
    # Unit table → token of the generation that last changed it: an answer that came in leaves what is known of orders.
    versions = models.JSONField(default=dict)
    state_generation = models.BigIntegerField(default=-1)
    definitions = models.CharField(max_length=64, default="")
    refreshed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="metrics_one_cube_state")]

    def __str__(self) -> str:
        return f"generation {self.generation} of state {self.state_generation}"


class CubeFile(models.Model):
    """One live, immutable Parquet file of a roll-up: one grain, one month.

    Personal data: none (sums over groups; a group may be a single person's answer, without any id).
    """

    grain = models.CharField(max_length=40)
    month = models.DateField()
    path = models.CharField(max_length=255, unique=True)
    rows = models.PositiveIntegerField()
    generation = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grain", "month"], name="metrics_one_file_per_grain_month")]

    def __str__(self) -> str:
        return self.path
