"""What a practice's pause and end do to the messages it has planned."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from kizuna.act.outreach.models import HeldPractice, Message
from kizuna.act.outreach.operations.expire import not_sent
from kizuna.act.outreach.rules.gate import WHILE_PAUSED
from kizuna.customers.consent.operations import hold_consent
from kizuna.customers.stores.queries import among
from kizuna.facts.outbox.operations import publish
from kizuna.facts.rows.operations import update_rows

_SLICE: Final = 5_000
_COLUMNS: Final = ("id", "state", "reason", "note", "called_off", "ended_at", "revision")


@transaction.atomic
def hold(*, practice: str, now: datetime) -> int:
    """Let nothing of this practice go out until ``release``; answers how many planned messages wait for it.

    One that a channel has claimed already is stopped by the last look before the call (``still_wanted``): it waits
    for whoever reads or changes what may be sent, so it commits either before that look or after the call.
    """
    hold_consent()
    HeldPractice.objects.get_or_create(practice=practice, defaults={"since": now})
    planned = Message.objects.filter(practice=practice, state="planned")
    return planned.update(reason="paused", next_at=now + WHILE_PAUSED)


@transaction.atomic
def release(*, practice: str, now: datetime) -> int:
    """The practice goes on: what waited for it is looked at now; answers how many messages.

    They keep the time they were promised for, and whether they are too late is judged by that.
    """
    hold_consent()
    HeldPractice.objects.filter(practice=practice).delete()
    waiting = Message.objects.filter(practice=practice, state="planned", reason="paused")
    later = waiting.filter(due_at__gt=now).update(reason="", next_at=F("due_at"))
    return later + waiting.update(reason="", next_at=now)


@transaction.atomic
def call_off_all(*, practice: str, slug: str, now: datetime, keys: Collection[str] | None = None) -> int:
    """This practice wants its planned messages no more: all of them, or those of ``keys``. Answers how many.

    One under way is marked: the last look before the call stops it, and if it was on the wire at this moment, no
    further try is made.
    """
    hold_consent()
    mine = Message.objects.filter(practice=practice)
    if keys is not None:
        mine = mine.filter(among(column="key", values=keys))
    mine.filter(state__in=("attempting", "uncertain")).update(called_off=slug)
    # It may have gone out in the attempt that never answered: saying «not sent» could be untrue.
    tried = mine.filter(state="planned", unresolved=True)
    called_off = tried.update(state="uncertain", reason="unknown_result", note=slug, called_off=slug)
    planned = mine.filter(state="planned", unresolved=False).order_by("id")
    while found := list(planned.select_for_update()[:_SLICE]):
        for message in found:
            message.state, message.reason, message.note, message.called_off = "not_sent", slug, "", slug
            message.ended_at = now
            message.revision += 1
        rows = [[getattr(one, name) for name in _COLUMNS] for one in found]
        update_rows(model=Message, columns=_COLUMNS, rows=rows)
        publish(facts=[not_sent(message=one, now=now) for one in found], now=now, wake=True)
        called_off += len(found)
    return called_off
