"""How mail is sent: the settings page's word, else the environment's, else the local outbox."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from kizuna.connectors.mail.models import MailSettings
from kizuna.connectors.mail.rules import Sender
from kizuna.facts.rows.queries import Part, tally
from kizuna.gates.seal import unseal
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where to connect to. ``security`` is starttls, tls or none (this machine only)."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything needed to send and to read returns. ``smtp`` None: local outbox; ``imap`` None: nothing is read."""

    sender: Sender
    tags_return_path: bool = False
    smtp: Server | None = None
    imap: Server | None = None
    imap_folder: str = "INBOX"
    from_environment: bool = False
    returns_read_at: datetime | None = None
    returns_due_at: datetime | None = None
    returns_failure: Words | None = None


def configuration() -> Configuration:
    """The settings in force.

    Raises: SealBroken when a stored password cannot be opened.
    """
    row = MailSettings.objects.filter(pk=1).first() or MailSettings()
    name, mail = parseaddr(settings.DEFAULT_FROM_EMAIL)
    smtp = None
    if row.host:
        smtp = Server(
            host=row.host,
            port=row.port,
            security=row.security,
            username=row.username,
            password=unseal(sealed=row.password_sealed),
        )
    environment = _from_environment() if smtp is None else None
    sender = Sender(
        name=row.sender_name or name,
        mail=row.sender_mail or mail,
        reply_to=row.reply_to,
        return_path=row.return_path or row.sender_mail or mail,
    )
    return Configuration(
        sender=sender,
        tags_return_path=row.tags_return_path and bool(row.return_path),
        smtp=smtp or environment,
        imap=_imap(row),
        imap_folder=row.imap_folder or "INBOX",
        from_environment=environment is not None,
        returns_read_at=row.returns_read_at,
        returns_due_at=row.returns_due_at,
        returns_failure=Words(ja=row.returns_failure_ja, en=row.returns_failure_en) if row.returns_failure_ja else None,
    )


def server_tally() -> Part:
    """Whether a server is named on the settings page, as a page's count of «servers»; no password is opened for it."""
    return tally(found=MailSettings.objects.exclude(host=""), kind="servers")


def is_set_outside() -> bool:
    """Whether the environment names a server."""
    return _from_environment() is not None


def _imap(row: MailSettings) -> Server | None:
    if not row.imap_host:
        return None
    return Server(
        host=row.imap_host,
        port=row.imap_port,
        security=row.imap_security,
        username=row.imap_username,
        password=unseal(sealed=row.imap_password_sealed),
    )


def _from_environment() -> Server | None:
    """``KIZUNA_MAIL_URL``, which also carries the staff's own mail."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return None
    security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        security=security,
        username=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
    )
