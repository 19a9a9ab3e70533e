"""Surveys, personal invitations, and the answers, each with the versions it had before."""

from django.db import models


class OwnInstrument(models.Model):
    """A rating criterion of the company's own (catalogue row L5), named ``own:<name>`` in files and facts.

    An import may bring an instrument nobody has described. Refusing its rows would lose a shop's first
    import, and guessing a fixed scale would keep some scores and refuse others, which bends every figure.
    So it is taken in as *provisional*: its scale is the narrowest usual one (1–5, 1–7, 0–10, 0–100) that
    holds every score seen, and widens as scores come. Scores are stored as given either way. Once staff
    confirm the scale it is fixed, and a score outside it is refused at the door like any other.

    Personal data: none.
    """

    name = models.CharField(max_length=76, unique=True)
    title_ja = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    low = models.IntegerField()
    high = models.IntegerField()
    low_label_ja = models.CharField(max_length=60, blank=True)
    low_label_en = models.CharField(max_length=60, blank=True)
    high_label_ja = models.CharField(max_length=60, blank=True)
    high_label_en = models.CharField(max_length=60, blank=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="own_instrument_low_below_high")
        ]

    def __str__(self) -> str:
        return f"own:{self.name}"


class Survey(models.Model):
    """One question on one instrument with its «why?», asked at one touchpoint.

    Personal data: none.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    brand_ja = models.CharField(max_length=80, blank=True)
    brand_en = models.CharField(max_length=80, blank=True)
    instrument = models.CharField(max_length=80)
    question_ja = models.CharField(max_length=300)
    question_en = models.CharField(max_length=300)
    why_ja = models.CharField(max_length=300)
    why_en = models.CharField(max_length=300)
    thanks_ja = models.TextField()
    thanks_en = models.TextField()
    touchpoint = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name_ja


class Invitation(models.Model):
    """A personal link to one survey. The link carries ``nonce`` and its signature, so neither the table
    alone nor a guess opens it, and staff can be shown the link again for a reminder.

    Personal data: which customer was asked, about which order, when they opened and answered. Basis:
    legitimate interest in the quality of service. Erased by: ``surveys.operations.erase_people`` (the link
    dies; the pseudonymous row stays for the response rate).
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    order_id = models.BigIntegerField(null=True, blank=True)
    """Not a foreign key: undoing an order import must not take the answer with it."""
    channel = models.CharField(max_length=60, blank=True)
    store = models.CharField(max_length=60, blank=True)
    locale = models.CharField(max_length=2, choices=[("ja", "ja"), ("en", "en")], default="ja")
    nonce = models.CharField(max_length=43, unique=True, null=True)
    """None once the link was withdrawn."""
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["survey", "sent_at"], name="invitation_survey_sent")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class AnswerContent(models.Model):
    """What an answer says. An answer has one present content and keeps those it had before."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    instrument = models.CharField(max_length=80)
    score = models.FloatField()
    answered_at = models.DateTimeField()
    touchpoint = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    store = models.CharField(max_length=60, blank=True)
    product = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=32, blank=True)
    import_id = models.BigIntegerField(null=True, db_index=True)
    """Which import wrote this content; None when the customer did."""

    class Meta:
        abstract = True


class Answer(AnswerContent):
    """One customer's answer on one instrument, imported or given by a personal link.

    Personal data: the comment and whose it is. Basis: legitimate interest in the quality of service.
    Erased by: ``surveys.operations.erase_people`` (comment and digest go, the pseudonymous score stays).
    """

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    order_id = models.BigIntegerField(null=True, blank=True)
    revision = models.IntegerField(default=0)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="answer_once_per_source"),
            models.UniqueConstraint(
                fields=["invitation"],
                condition=models.Q(invitation__isnull=False),
                name="answer_once_per_invitation",
            ),
        ]
        indexes = [
            models.Index(fields=["instrument", "answered_at"], name="answer_instrument_time"),
            # The home page asks for the newest words every few seconds.
            models.Index(fields=["answered_at", "id"], name="answer_time"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class SupersededAnswer(AnswerContent):
    """What an answer said before it was amended; undoing the amending import restores it.

    Personal data: the earlier comment. Basis: legitimate interest (imports can be undone). Erased by:
    ``surveys.operations.erase_people``, and with its answer.
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="+")
    revision = models.IntegerField()
    """The revision the answer had while this was its content."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="superseded_once_per_revision")]

    def __str__(self) -> str:
        return f"answer {self.answer_id} revision {self.revision}"
