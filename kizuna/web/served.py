"""What the company did for one customer: written, given, tried, asked of staff; asked for in one statement."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.offers import queries as offers
from kizuna.act.offers.rules import spaced
from kizuna.act.outreach import queries as outreach
from kizuna.act.outreach.rules import CHANNELS, STATES, reason_words
from kizuna.act.outreach.rules.merge import MissingValue, Named, merge
from kizuna.act.practices import queries as practices
from kizuna.customers.notes import queries as notes
from kizuna.facts.rows.queries import Moment, gathered
from kizuna.words import Words

AHEAD = frozenset({"planned", "open"})
"""States of what is still to come: it stands above the line of time, not on it."""

PRACTICE_STATES: Mapping[str, tuple[Words, str]] = {
    "waiting": (Words(ja="進行中", en="Going on"), "plain"),
    "done": (Words(ja="完了", en="Done"), "good"),
    "stuck": (Words(ja="停滞", en="Stuck"), "open"),
    "left": (Words(ja="途中で終了", en="Left"), "plain"),
}
HELD_OUT = Words(ja="比較用（何もしません）", en="For comparison (nothing is done)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One moment as the page words it; ``ahead`` says that it is still to come, ``low`` that it went wrong."""

    kind: str
    key: int
    at: datetime
    title: Words
    place: Words
    text: Words
    low: bool = False
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InPractice:
    """A practice the customer came into, or is kept out of for comparison."""

    name: str
    title: Words
    state: Words
    tone: str
    at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Everything done for a customer; ``notes`` come along since they are asked for in the same statement."""

    told: tuple[Told, ...]
    notes: tuple[Moment, ...]
    practices: tuple[InPractice, ...]
    tags: tuple[str, ...]


def served(
    *, person_ids: Collection[int], stores: frozenset[str] | None, with_held_out: bool, named: Named, language: str
) -> Served:
    """What was done for these records, and staff's notes: one statement."""
    found = gathered(
        parts=[
            *notes.moments_of(person_ids=person_ids, stores=stores),
            *outreach.moments_of(person_ids=person_ids, stores=stores, with_held_out=with_held_out),
            *offers.moments_of(person_ids=person_ids),
            *practices.moments_of(person_ids=person_ids, with_held_out=with_held_out),
        ]
    )
    return Served(
        told=tuple(_told(found=found, named=named, language=language)),
        notes=tuple(moment for moment in found if moment.kind == "note"),
        practices=tuple(_practice(moment) for moment in found if moment.kind in {"practice", "held_out"}),
        tags=tuple(sorted({moment.name_ja for moment in found if moment.kind == "tag"})),
    )


def _told(*, found: Sequence[Moment], named: Named, language: str) -> Iterator[Told]:
    for moment in found:
        if moment.kind == "message":
            yield _message(moment)
        elif moment.kind == "task":
            yield _task(moment, named=named, language=language)
        elif moment.kind == "coupon":
            yield _coupon(moment)
        elif moment.kind == "ledger":
            yield _used(moment)
        elif moment.kind in {"practice", "held_out", "tag"}:
            yield _came(moment)


def _message(moment: Moment) -> Told:
    state, title = STATES.get(moment.state, Words(ja=moment.state, en=moment.state)), _name(moment)
    text = state
    if moment.text and moment.state not in {"sent", "delivered", "opened", "answered"}:
        why = reason_words(slug=moment.text)
        text = Words(ja=f"{state.ja}: {why.ja}", en=f"{state.en}: {why.en}")
    low = moment.state in {"bounced", "complained", "uncertain"}
    kind = "message_back" if low or moment.state == "not_sent" else "message"
    return Told(
        kind=kind,
        key=moment.key,
        at=moment.at,
        title=title,
        place=_of(CHANNELS, moment.place),
        text=text,
        low=low,
        ahead=moment.state in AHEAD,
    )


def _task(moment: Moment, *, named: Named, language: str) -> Told:
    try:
        title = merge(text=moment.name_ja, values={}, named=named, language=language)
    except MissingValue:  # a field no task can fill is shown as it was written
        title = moment.name_ja
    done, dropped = (
        Words(ja="{title}（完了）", en="{title} (done)"),
        Words(ja="{title}（取りやめ）", en="{title} (dropped)"),
    )
    shown = {"done": done, "dropped": dropped}.get(moment.state, Words(ja="{title}", en="{title}"))
    return Told(
        kind="task",
        key=moment.key,
        at=moment.at,
        title=shown.fill(title=title),
        place=_of(outreach.KINDS, moment.place),
        text=Words(ja=moment.text, en=moment.text),
        ahead=moment.state in AHEAD,
    )


def _coupon(moment: Moment) -> Told:
    name, code = _name(moment), spaced(code=moment.text, prefix=moment.place)
    return Told(
        kind="coupon",
        key=moment.key,
        at=moment.at,
        title=Words(ja=f"特典「{name.ja}」をお渡し", en=f"Given: {name.en}"),
        place=Words(ja=code, en=code),
        text=Words(ja="", en=""),
    )


def _used(moment: Moment) -> Told:
    name, yen = _name(moment), int(moment.text)
    back = moment.state == "reversed"
    title = (
        Words(ja=f"特典「{name.ja}」の利用を取り消し", en=f"Use taken back: {name.en}")
        if back
        else Words(ja=f"特典「{name.ja}」を利用", en=f"Used: {name.en}")
    )
    worth = Words(ja="{yen:,}円分", en="worth {yen:,} yen").fill(yen=yen) if yen else Words(ja="", en="")
    return Told(
        kind="coupon_back" if back else "coupon_used",
        key=moment.key,
        at=moment.at,
        title=title,
        place=worth,
        text=Words(ja="", en=""),
    )


def _came(moment: Moment) -> Told:
    name = _name(moment)
    if moment.kind == "tag":
        title = Words(ja=f"タグ「{name.ja}」が付きました", en=f"Tagged «{name.en}»")
    else:
        title = Words(ja=f"接客方法「{name.ja}」", en=f"Practice «{name.en}»")
    state = PRACTICE_STATES.get(moment.state)
    place = HELD_OUT if moment.kind == "held_out" else state[0] if state else Words(ja="", en="")
    return Told(kind=moment.kind, key=moment.key, at=moment.at, title=title, place=place, text=Words(ja="", en=""))


def _practice(moment: Moment) -> InPractice:
    if moment.kind == "held_out":
        state, tone = HELD_OUT, "plain"
    else:
        state, tone = PRACTICE_STATES.get(moment.state, (Words(ja=moment.state, en=moment.state), "plain"))
    due_at = moment.until if moment.state == "waiting" else None
    return InPractice(name=moment.place, title=_name(moment), state=state, tone=tone, at=moment.at, due_at=due_at)


def _name(moment: Moment) -> Words:
    return Words(ja=moment.name_ja, en=moment.name_en)


def _of(known: Mapping[str, Words], code: str) -> Words:
    return known.get(code) or Words(ja=code, en=code)
