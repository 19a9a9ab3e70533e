"""Templates and their versions, messages on their way, what was sent, who must not be written to, and staff's tasks."""

from django.db import models
from django.db.models import Q


class Template(models.Model):
    """A message the shop sends again and again. ``published`` is the version in use; 0 while there is none.

    Personal data: none.
    """

    name = models.SlugField(max_length=60, unique=True)
    title_ja = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    published = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """One wording of a template, never changed afterwards. ``bodies`` is JSON: (channel, language, subject, body) each.

    Personal data: none (a member of staff by number).
    """

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    purpose = models.CharField(max_length=10)
    bodies = models.TextField()
    findings = models.TextField(blank=True)
    """What the law check said when it was published: the decision is kept with the wording it was made about."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]


class Message(models.Model):
    """One message to one customer, from the plan to its end. ``key`` makes it unique for the step that asked for it.

    ``channel`` is what was asked for (``auto`` too), ``route`` the channel it is to take or took, empty until that is
    known. ``unresolved`` says that an attempt ended without an answer and the same key may be tried again.
    Template and order are named, not referenced: a plan of a million rows must not check a million foreign keys.

    Personal data: merge values (coupon code, links). Basis: contract, or consent to advertising.
    Erased by: outreach.operations.erase_people.
    """

    key = models.CharField(max_length=64)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=4)
    route = models.CharField(max_length=4, blank=True)
    template = models.CharField(max_length=60)
    template_version = models.IntegerField(db_default=0)
    purpose = models.CharField(max_length=10)
    values = models.TextField(blank=True)
    practice = models.CharField(max_length=60, blank=True)
    practice_version = models.IntegerField(default=0)
    arm = models.CharField(max_length=60, blank=True)
    salt = models.CharField(max_length=80, blank=True)
    holdout_share = models.FloatField(default=0.0)
    order_id = models.BigIntegerField(null=True)
    premise = models.CharField(max_length=8, blank=True, db_default="")
    """What must still be true of the order when it is sent, as for ``Draft``."""
    invitation_id = models.BigIntegerField(null=True)
    priority = models.IntegerField(default=0)
    late = models.CharField(max_length=5)
    stale_after_seconds = models.BigIntegerField()
    stale_at = models.DateTimeField(null=True)
    """When nobody is to send it any more, for one that is left out when it is late."""
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    state = models.CharField(max_length=10, db_default="planned")
    reason = models.CharField(max_length=40, blank=True, db_default="")
    note = models.TextField(blank=True, db_default="")
    attempts = models.IntegerField(db_default=0)
    unresolved = models.BooleanField(db_default=False)
    lease_until = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=255, blank=True, db_default="")
    address_digest = models.CharField(max_length=32, blank=True, db_default="")
    called_off = models.CharField(max_length=40, blank=True, db_default="")
    """Why its practice wants it no more. It stands with a message under way too, so that no later try sends it."""
    revision = models.IntegerField(db_default=0)
    planned_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was decided that it is not sent, or when it came back."""

    class Meta:
        # A constraint, not ``unique=True``: on a text that brings a second index for LIKE, which nobody asks.
        constraints = [models.UniqueConstraint(fields=["key"], name="message_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="planned"), name="message_due"),
            models.Index(
                fields=["stale_at"], condition=Q(state="planned", stale_at__isnull=False), name="message_stale"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="attempting"), name="message_leased"),
            models.Index(fields=["attempted_at"], condition=Q(state="uncertain"), name="message_in_doubt"),
            models.Index(fields=["invitation_id"], condition=Q(invitation_id__isnull=False), name="message_invited"),
            models.Index(fields=["practice", "state"], name="message_by_practice"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="message_provider"),
        ]


class HeldPractice(models.Model):
    """A practice that is paused: while it stands here, none of its messages goes out.

    Personal data: none.
    """

    practice = models.CharField(max_length=60, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.practice


class LeftOut(models.Model):
    """A practice's lot leaves this person untouched: no record that is ever merged with theirs gets its messages.

    Only lots that were drawn stand here. What a lot would say of a record that was merged before it was ever drawn for
    keeps nothing back: the customer was given their lot by another record.

    Personal data: which practice leaves a customer out. Basis: as the practice. Erased by: kept under the pseudonym,
    as the lot itself.
    """

    practice = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "practice"], name="left_out_once")]


class SentCopy(models.Model):
    """What exactly was handed to the provider, and to which address: proof, and what a retry sends again.

    Personal data: address, subject and text of the message. Basis: proof of what was sent (特定電子メール法).
    Erased by: outreach.operations.erase_people.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+", primary_key=True)
    address = models.TextField()
    language = models.CharField(max_length=2)
    subject = models.TextField(blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    made_at = models.DateTimeField()


class Suppression(models.Model):
    """An address that is not written to any more: it bounced for good, or its owner complained.

    ``digest`` is a keyed hash, so the refusal outlives the erasure of the customer whose address it was.

    Personal data: a keyed hash of an address. Basis: duty not to send after a refusal. Erased by: kept, since
    it cannot be read back and forgetting it would mean writing again.
    """

    channel = models.CharField(max_length=4)
    digest = models.CharField(max_length=32)
    kind = models.CharField(max_length=10)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "channel"], condition=Q(lifted_at__isnull=True), name="suppressed_once"
            )
        ]


class Liking(models.Model):
    """How a customer likes to be reached, once they have said so; either field may be empty.

    Personal data: a choice of channel and language. Basis: the customer's wish.
    Erased by: outreach.operations.erase_people.
    """

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=4, blank=True)
    language = models.CharField(max_length=2, blank=True)
    stated_at = models.DateTimeField()


class Task(models.Model):
    """Something staff are asked to do for a customer: call, apologise, write a letter, look into it.

    Title and body are wording with merge fields; the customer's name enters only when the page is drawn.

    Personal data: staff's closing note. Basis: legitimate interest in serving the customer.
    Erased by: outreach.operations.erase_people.
    """

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    store = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    practice = models.CharField(max_length=60, blank=True)
    practice_version = models.IntegerField(default=0)
    state = models.CharField(max_length=7, default="open")
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="task_due"),
            models.Index(fields=["closed_at"], condition=~Q(state="open"), name="task_closed"),
        ]


class Sender(models.Model):
    """Who the company is towards its customers, and when and how often it may write to them.

    Personal data: none (a company's name and address).
    """

    name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    rests_on_holidays = models.BooleanField(default=False)
    tracks_opens = models.BooleanField(default=False)
    cap_count = models.IntegerField()
    cap_days = models.IntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="outreach_sender_is_one")]
