"""What all channels keep: whether they work, and the point of no return of every attempt."""

from django.db import models
from django.db.models import Q


class ChannelState(models.Model):
    """How a channel is doing. ``rests_until`` holds it back after a failure that is not one message's own.

    Personal data: none.
    """

    channel = models.CharField(max_length=4, unique=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure_ja = models.TextField(blank=True)
    failure_en = models.TextField(blank=True)
    failures = models.IntegerField(default=0)
    """In a row; 0 once something went well again."""
    rests_until = models.DateTimeField(null=True)
    proven = models.BooleanField(default=False)
    """Something was sent with the settings as they are now."""

    def __str__(self) -> str:
        return self.channel


class Attempt(models.Model):
    """One attempt to hand one message to a provider, written and committed just before the point of no return.

    It decides a race: either the channel writes ``handed_over`` first, then the provider may have the message, or
    whoever takes back an attempt whose process died writes ``taken_back`` first, then it certainly has not. What was
    claimed but never handed over when a process was killed is so told apart from what nobody can know about.
    ``declined`` is a hand-over to which the provider has clearly said no.
    ``reference`` is the name by which the provider speaks of the message (Message-ID token, retry key, SID).

    Personal data: none.
    """

    message_id = models.BigIntegerField()
    attempt = models.IntegerField()
    channel = models.CharField(max_length=4)
    outcome = models.CharField(
        max_length=11, choices=[(name, name) for name in ("handed_over", "taken_back", "declined")]
    )
    reference = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    """When the provider was last asked what became of it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "attempt"], name="channel_attempt_once")]
        indexes = [models.Index(fields=["reference"], condition=~Q(reference=""), name="channel_attempt_reference")]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id}/{self.attempt} {self.outcome}"
