"""The LINE official account, and what LINE's webhook has told."""

from django.db import models
from django.db.models import Q

API = "https://api.line.me"


class LineSettings(models.Model):
    """The channel's credentials (sealed, never shown again) and how much of the month's quota is used.

    Personal data: none.
    """

    access_token_sealed = models.TextField(blank=True)
    channel_secret_sealed = models.TextField(blank=True)
    api_url = models.CharField(max_length=200, default=API)
    quota_limit = models.IntegerField(null=True)
    """Messages a month; None when the plan has no limit or it is not known yet."""
    quota_used = models.IntegerField(default=0)
    quota_read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="line_settings_are_one")]

    def __str__(self) -> str:
        return self.api_url


class LineEvent(models.Model):
    """One webhook event, kept before it is acted upon; LINE sends an event again until it is answered.

    Personal data: the LINE user id, and the words of a message until it is taken back. Basis: the customer wrote to
    the shop or follows it. Erased by: line.operations.erase_people; the words also when LINE reports an unsend.
    """

    webhook_event_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=30)
    user_id = models.CharField(max_length=40, blank=True, db_index=True)
    line_message_id = models.CharField(max_length=40, blank=True, db_index=True)
    text = models.TextField(blank=True)
    is_redelivery = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=6, default="new")
    """new → done."""

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(state="new"), name="line_event_new")]

    def __str__(self) -> str:
        return f"{self.kind} {self.webhook_event_id}"
