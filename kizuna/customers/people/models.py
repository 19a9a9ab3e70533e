"""Person records, the evidence that joins them into customers, and what imports changed."""

from django.db import models
from django.db.models import F, Q


class Person(models.Model):
    """One person *record*: an account of one source, or a guest. A customer is the cluster of records under one root.

    ``root`` is NULL when the record is its own root. The root is the smallest id of its cluster, the
    record Kizuna has known for longest, and is a function of the live strong evidence alone.
    The columns hold the last text that was not empty, exactly as the source wrote it; ``*_key`` columns
    hold the folded form used for matching only. ``observed_at`` is the time of the last row that stated any of
    them: a row that only names its customer (most answers) neither changes nor confirms what is known of them.

    Personal data: names, mail, phone, address, birthday, sex, the source's note.
    Basis: contract and legitimate interest in serving the customer. Erased by: people.operations.erase_people.
    """

    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    link_revision = models.IntegerField(default=0)
    source = models.CharField(max_length=60)
    record_key = models.TextField()
    display_name = models.TextField(blank=True)
    family_name = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    family_kana = models.TextField(blank=True)
    given_kana = models.TextField(blank=True)
    company = models.TextField(blank=True)
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    postcode = models.TextField(blank=True)
    prefecture = models.TextField(blank=True)
    city = models.TextField(blank=True)
    address = models.TextField(blank=True)
    sex = models.TextField(blank=True)
    birth_date = models.DateField(null=True)
    accepts_mail = models.BooleanField(null=True)
    note = models.TextField(blank=True)
    name_key = models.TextField(blank=True, db_index=True)
    kana_key = models.TextField(blank=True, db_index=True)
    mail_flags = models.CharField(max_length=40, blank=True)
    observed_at = models.DateTimeField()
    first_import_id = models.BigIntegerField(null=True, db_index=True)
    last_import_id = models.BigIntegerField(null=True, db_index=True)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The key first: an import looks its chunk up by key over all sources.
            models.UniqueConstraint(fields=["record_key", "source"], name="person_record_key"),
            models.CheckConstraint(condition=Q(root__isnull=True) | Q(root__lt=F("id")), name="person_root_is_older"),
        ]
        # Few are ever erased; every chunk of an import asks for them.
        indexes = [models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="person_erased")]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"


class Evidence(models.Model):
    """An edge: this record was seen with this key. Two records that share a live strong key are one customer.

    Retracted evidence stays as a row, so a later import of the same file cannot bring it back.

    Personal data: mail, phone, account, card and LINE ids in ``key`` and ``raw``.
    Basis: as the person record. Erased by: people.operations.erase_people.
    """

    # The unique index below begins with the person, so the foreign key needs none of its own.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    key = models.TextField()
    raw = models.TextField(blank=True)
    source = models.CharField(max_length=60)
    strength = models.CharField(max_length=6, choices=[("strong", "strong"), ("weak", "weak")])
    observed_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.CharField(max_length=120, blank=True)
    first_import_id = models.BigIntegerField(null=True, db_index=True)
    last_import_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="evidence_once")]
        indexes = [models.Index(fields=["key", "kind"], name="evidence_by_key")]


class StoreTie(models.Model):
    """This person record was served by this store, so the store's staff may see the customer.

    Personal data: none but the link to a person record. Basis: access by store. Erased by: not needed.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "store"], name="store_tie_once")]


class PersonImage(models.Model):
    """What a person record said before a write changed it, so that an import can be undone.

    Personal data: the earlier contents of the person record. Basis: undo within the period the imports
    page promises. Erased by: people.operations.erase_people.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    import_id = models.BigIntegerField(null=True, db_index=True)
    content = models.TextField()
    recorded_at = models.DateTimeField()
