"""The SMS provider's account, and texts that customers sent back."""

from django.db import models
from django.db.models import Q

API = "https://api.twilio.com"


class SmsSettings(models.Model):
    """Account and sender at the provider; the token is sealed and never shown again.

    Personal data: none.
    """

    account_sid = models.CharField(max_length=64, blank=True)
    auth_token_sealed = models.TextField(blank=True)
    sender = models.CharField(max_length=64, blank=True)
    """A telephone number (+81…), a sender name, or a messaging service (MG…)."""
    api_url = models.CharField(max_length=200, default=API)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sms_settings_are_one")]

    def __str__(self) -> str:
        return self.account_sid


class SmsReceived(models.Model):
    """A text that came back: a stop word, or an answer somebody has to read.

    Personal data: telephone number and text. Basis: the customer wrote to the shop.
    Erased by: sms.operations.erase_people.
    """

    sid = models.CharField(max_length=64, unique=True)
    phone = models.CharField(max_length=32, db_index=True)
    text = models.TextField(blank=True)
    stops = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sid
