"""The company's messaging settings, and how a customer likes to be reached."""

from datetime import datetime, time

from django.db import transaction

from kizuna.act.outreach.models import Liking, Message, Sender
from kizuna.act.outreach.rules import CHANNELS, LANGUAGES
from kizuna.customers.people.queries import erased_among
from kizuna.errors import Invalid
from kizuna.facts.audit.operations import record
from kizuna.words import Words


class SettingsOutOfRange(Invalid):
    """A limit that makes no sense."""

    code = "settings_out_of_range"


@transaction.atomic
def describe_sender(
    *,
    name: str,
    address: str,
    contact: str = "",
    quiet_from: time = time(21, 0),
    quiet_until: time = time(9, 0),
    rests_on_holidays: bool = False,
    tracks_opens: bool = False,
    cap_count: int = 2,
    cap_days: int = 7,
    actor: str,
    now: datetime,
) -> None:
    """Set who writes, when nobody is written to, and how much advertising one customer gets.

    Raises: SettingsOutOfRange.
    """
    if not (0 <= cap_count <= 100 and 1 <= cap_days <= 365):
        raise SettingsOutOfRange(Words(ja="配信回数の上限が正しくありません。", en="The limit makes no sense."))
    values = {
        "name": name.strip(),
        "address": address.strip(),
        "contact": contact.strip(),
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "rests_on_holidays": rests_on_holidays,
        "tracks_opens": tracks_opens,
        "cap_count": cap_count,
        "cap_days": cap_days,
    }
    Sender.objects.update_or_create(pk=1, defaults={**values, "changed_at": now, "changed_by": actor})
    # What waited for a name and an address need not wait until it is looked at again.
    Message.objects.filter(state="planned", reason="sender_missing", next_at__gt=now).update(next_at=now)
    detail = {key: value if isinstance(value, int | bool) else str(value) for key, value in values.items()}
    record(actor=actor, action="outreach.settings", target="outreach", detail=detail, now=now)


@transaction.atomic
def note_liking(*, person_id: int, channel: str, language: str, now: datetime) -> None:
    """Keep how a customer likes to be reached; empty strings mean no wish. Nothing is kept about the erased."""
    if channel not in {"", *CHANNELS} or language not in {"", *LANGUAGES}:
        raise SettingsOutOfRange(Words(ja="使えない経路または言語です。", en="No such channel or language."))
    if erased_among(person_ids=[person_id]):
        return
    values = {"channel": channel, "language": language, "stated_at": now}
    Liking.objects.update_or_create(person_id=person_id, defaults=values)
