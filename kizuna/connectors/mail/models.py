"""How mail is sent, the mails that lie in the local outbox, and those that came back."""

from django.db import models
from django.db.models import Q


class MailSettings(models.Model):
    """The company's mail server and return mailbox. Without ``host`` mails are put into the local outbox.

    Passwords are sealed (``gates.seal``) and never shown again.

    Personal data: none (the company's own addresses).
    """

    sender_name = models.CharField(max_length=120, blank=True)
    sender_mail = models.CharField(max_length=254, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    host = models.CharField(max_length=253, blank=True)
    port = models.IntegerField(default=587)
    security = models.CharField(max_length=8, default="starttls")
    username = models.CharField(max_length=254, blank=True)
    password_sealed = models.TextField(blank=True)
    return_path = models.CharField(max_length=254, blank=True)
    tags_return_path = models.BooleanField(default=False)
    """Each mail gets a return path of its own (``bounces+kz…@``), so that any bounce names its mail."""
    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.IntegerField(default=993)
    imap_security = models.CharField(max_length=8, default="tls")
    imap_username = models.CharField(max_length=254, blank=True)
    imap_password_sealed = models.TextField(blank=True)
    imap_folder = models.CharField(max_length=120, default="INBOX")
    returns_read_at = models.DateTimeField(null=True)
    returns_due_at = models.DateTimeField(null=True)
    returns_failure_ja = models.TextField(blank=True)
    returns_failure_en = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="mail_settings_are_one")]

    def __str__(self) -> str:
        return self.host or "outbox"


class OutboxMail(models.Model):
    """One mail in the local outbox, ``KIZUNA_HOME/outbox``. The file is the mail; the row finds it.

    Personal data: address and subject here, the whole mail in the file. Basis: proof of what was sent.
    Erased by: mail.operations.erase_people.
    """

    file_name = models.CharField(max_length=80, unique=True)
    message_id = models.BigIntegerField(null=True, db_index=True)
    """The message of outreach; None for a test mail."""
    address = models.TextField()
    subject = models.TextField(blank=True)
    written_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.file_name


class Mailbox(models.Model):
    """How far a return mailbox was read. Another ``uid_validity`` means that the server has numbered anew.

    Personal data: none.
    """

    name = models.CharField(max_length=640)
    uid_validity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "uid_validity"], name="mailbox_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.uid_validity}"


class ReturnedMail(models.Model):
    """A mail from the return mailbox, kept as it came before anything is read out of it.

    Personal data: whatever the mail says, most often the address that could not be reached and our own mail.
    Basis: legitimate interest in not writing to dead or unwilling addresses. Erased by: mail.operations.erase_people
    (those of the customer's messages, and any that holds one of their addresses) and after 90 days.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    uid = models.BigIntegerField()
    raw = models.BinaryField()
    is_cut = models.BooleanField(default=False)
    """Only the beginning was fetched, since the mail is very large."""
    fetched_at = models.DateTimeField()
    state = models.CharField(max_length=9, default="new")
    """new → matched (told to its message), unmatched (for a person), ignored (holiday notice, delay, or by hand)."""
    kind = models.CharField(max_length=10, blank=True)
    permanent = models.BooleanField(default=False)
    message_id = models.BigIntegerField(null=True, db_index=True)
    recipient = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, blank=True)
    diagnostic = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uid"], name="returned_mail_once")]
        indexes = [models.Index(fields=["state", "id"], name="returned_mail_state")]

    def __str__(self) -> str:
        return f"{self.mailbox_id}/{self.uid} {self.state}"
