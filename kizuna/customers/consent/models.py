"""Consent, as a list of statements that only grows."""

from django.db import models


class Consent(models.Model):
    """One statement: this person agreed to, or refused, this channel for this purpose, and here is the proof.

    The latest statement (by ``stated_at``, then id) for a channel and purpose is in force.
    Rows are never changed; only the erasure of a person empties their proof.

    Personal data: the proof (source text, file and line, network address). Basis: duty to keep proof of
    consent (特定電子メール法). Erased by: consent.operations.erase_people.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=20)
    granted = models.BooleanField()
    proof_text = models.TextField(blank=True)
    proof_file = models.TextField(blank=True)
    proof_line = models.IntegerField(null=True)
    proof_ip = models.GenericIPAddressField(null=True)
    proof_url = models.TextField(blank=True)
    actor = models.CharField(max_length=120)
    import_id = models.BigIntegerField(null=True, db_index=True)
    stated_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
