"""Who the company is towards its customers, and when and how often it writes."""

from dataclasses import dataclass, field

from kizuna.act.outreach.models import Sender
from kizuna.act.outreach.rules import Cap, Hours
from kizuna.act.outreach.rules.wording import SenderLines


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force; the defaults until somebody has changed them."""

    sender: SenderLines = field(default_factory=SenderLines)
    hours: Hours = field(default_factory=Hours)
    cap: Cap = field(default_factory=Cap)
    tracks_opens: bool = False


def settings_in_force() -> Settings:
    """The company's messaging settings."""
    row = Sender.objects.filter(pk=1).first()
    if row is None:
        return Settings()
    return Settings(
        sender=SenderLines(name=row.name, address=row.address, contact=row.contact),
        hours=Hours(quiet_from=row.quiet_from, quiet_until=row.quiet_until, rests_on_holidays=row.rests_on_holidays),
        cap=Cap(count=row.cap_count, days=row.cap_days),
        tracks_opens=row.tracks_opens,
    )
