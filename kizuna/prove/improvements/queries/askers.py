"""The customers who asked, and how the news reached them or why it did not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.outreach.queries import MessageFilter, each_message
from kizuna.act.outreach.rules import REACHED
from kizuna.customers.people.queries import clusters_of, roots_of
from kizuna.prove.improvements.models import ImprovementNotice
from kizuna.prove.improvements.queries.voices import voices_of
from kizuna.prove.improvements.rules import template_of
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Askers:
    """``customers`` are roots; ``told`` those among them for whom the news was planned, under whichever record.
    ``unknown`` counts comments whose author nobody knows, or who had themselves erased.
    """

    customers: tuple[int, ...]
    told: frozenset[int]
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A customer whom the news has not reached, with the gate's reason."""

    person_id: int
    state: Words
    reason: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """Where the news stands: customers reached, on their way, and not reached with why, counted by reason."""

    planned_at: datetime | None
    reached: int
    waiting: int
    not_reached: tuple[Unreached, ...]
    why: tuple[tuple[Words, int], ...]


def askers_of(*, improvement_id: int) -> Askers:
    """Who asked for it, whatever store their comment is about."""
    voices = voices_of(improvement_id=improvement_id)
    records = {voice.person_id for voice in voices if voice.person_id is not None}
    roots = roots_of(person_ids=records)
    told = _told(improvement_id=improvement_id, roots=set(roots.values()))
    unknown = sum(voice.person_id is None or voice.person_id not in roots for voice in voices)
    return Askers(customers=tuple(sorted(set(roots.values()))), told=told, unknown=unknown)


def notified(*, improvement_id: int) -> Notified:
    """What became of each message."""
    keys = dict(ImprovementNotice.objects.filter(improvement_id=improvement_id).values_list("key", "planned_at"))
    sent = each_message(wanted=MessageFilter(template=template_of(improvement_id=improvement_id), with_held_out=True))
    found = [message for message in sent if message.key in keys]
    lost = [message for message in found if message.state in {"not_sent", "bounced", "complained", "uncertain"}]
    why = Counter((one.reason_words or one.state_words) for one in lost)
    return Notified(
        planned_at=max(keys.values(), default=None),
        reached=sum(one.state in REACHED and one not in lost for one in found),
        waiting=sum(one.state in {"planned", "attempting"} for one in found),
        not_reached=tuple(
            Unreached(person_id=one.person_id, state=one.state_words, reason=one.reason_words) for one in lost
        ),
        why=tuple(why.most_common()),
    )


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Which news these records were to be told, labelled in Japanese, for a disclosure request."""
    rows = ImprovementNotice.objects.filter(person_id__in=person_ids).order_by("id")
    return {
        "改善のお知らせ": [
            {"改善": title, "お知らせを予定した日時": at}
            for title, at in rows.values_list("improvement__title", "planned_at")
        ]
    }


def _told(*, improvement_id: int, roots: set[int]) -> frozenset[int]:
    known = set(ImprovementNotice.objects.filter(improvement_id=improvement_id).values_list("person_id", flat=True))
    clusters = clusters_of(root_ids=roots)
    return frozenset(root for root, ids in clusters.items() if known & set(ids))
