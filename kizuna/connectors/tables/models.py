"""Imports as rows: what was brought in, how far it is, and the mappings a shop saved."""

from django.db import models


class ImportRun(models.Model):
    """One import of one file, from upload to undo.

    The uploaded original is kept only until the import is finished; the rows that could not be imported
    are kept beside it (``files/imports/<id>/errors.jsonl``) until ``files_expire_at``, so that they can be
    mended. Nothing else of the file is stored here.

    Personal data: the uploaded original and the error rows on disk, and whatever a file name says.
    Basis: contract (the shop brings its own records in). Erased by: erase_people (all error files and
    unconfirmed uploads go, since their rows cannot be told apart with certainty) and expiry after 7 days.
    """

    class State(models.TextChoices):
        """``draft`` waits for a person to confirm the preview."""

        DRAFT = "draft"
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

    state = models.CharField(max_length=8, choices=State.choices)
    actor = models.CharField(max_length=80)
    file_name = models.CharField(max_length=255)
    path = models.TextField(blank=True)
    is_stored = models.BooleanField(default=False)
    """The file is our copy and is deleted after the import; otherwise it is the user's own, in its place."""
    digest = models.CharField(max_length=64, db_index=True)
    size_bytes = models.BigIntegerField()

    layout = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    mapping = models.JSONField(default=dict)
    encoding = models.CharField(max_length=12, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    sheet = models.CharField(max_length=120, blank=True)

    rows_total = models.IntegerField(default=0)
    rows_in = models.IntegerField(default=0)
    imported = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    errored = models.IntegerField(default=0)
    skip_reasons = models.JSONField(default=list)
    """``[[count, ja, en], …]``"""
    chunks_done = models.IntegerField(default=0)
    error_bytes = models.BigIntegerField(default=0)
    failure_ja = models.TextField(blank=True)
    failure_en = models.TextField(blank=True)

    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    lease_of = models.CharField(max_length=120, blank=True)
    """The worker that holds the lease; nobody has to wait for one that has fallen silent."""
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    files_expire_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tables_every_row_is_accounted_for",
                condition=models.Q(rows_in=models.F("imported") + models.F("skipped") + models.F("errored")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name} {self.state}"


class SavedMapping(models.Model):
    """The layout and columns that a person confirmed for one header; used again when that header comes again.

    Personal data: none.
    """

    signature = models.CharField(max_length=64, unique=True)
    layout = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.layout} {self.signature[:8]}"
