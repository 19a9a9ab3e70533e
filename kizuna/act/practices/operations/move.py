"""Move everybody whose time has come: a slice, its messages, coupons, tasks and facts in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from kizuna.act.practices.models import Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.effects import Party, Setting, Traveller, perform
from kizuna.act.practices.operations.leaving import leaving
from kizuna.act.practices.queries.answers import Asked, answer
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.flow import Condition
from kizuna.act.practices.rules.reasons import WITHOUT_COUPON, kept
from kizuna.act.practices.rules.step import Path, conditions_ahead, counted_from, due_after, path
from kizuna.customers.stores.queries import among
from kizuna.errors import Refusal
from kizuna.facts.outbox.operations import describe
from kizuna.facts.outbox.rules import TRIES, wait_after
from kizuna.facts.rows.operations import reach, update_rows

SLICE = 5_000
TROUBLED = 50
"""So many enrolments that failed before are tried again in one call, each on its own."""

Moved = tuple[int, str, datetime | None, str, str, datetime, str]


def step_due(*, now: datetime, limit: int = SLICE) -> int:
    """Move up to ``limit`` due enrolments of every practice, the important practices first; answers how many moved.

    What fails is left where it stands and named; it holds up nobody else.
    """
    moved = 0
    # Those inside an ended practice finish their way; a paused one keeps everybody where they are.
    for practice in Practice.objects.filter(state__in=("running", "ended")).order_by("-priority", "id"):
        moved += _step_practice(practice=practice, now=now, limit=limit)
    return moved


def _step_practice(*, practice: Practice, now: datetime, limit: int) -> int:
    try:
        moved = _move_slice(practice=practice, rows=_due(practice=practice, now=now), limit=limit, now=now)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble is nobody's own: everything stays due
    except Exception:
        due = _due(practice=practice, now=now).order_by("due_at", "id").values_list("id", flat=True)
        moved = _bisect(practice=practice, ids=list(due[:limit]), now=now)
    return moved + _retry_troubled(practice=practice, now=now)


def _due(*, practice: Practice, now: datetime) -> "QuerySet[Enrolment]":
    return Enrolment.objects.filter(practice=practice, state="waiting", due_at__lte=now, attempts=0)


def _retry_troubled(*, practice: Practice, now: datetime) -> int:
    ready = Enrolment.objects.filter(
        practice=practice, state="waiting", due_at__lte=now, attempts__gt=0, retry_at__lte=now
    )
    ids = list(ready.order_by("retry_at").values_list("id", flat=True)[:TROUBLED])
    return sum(_bisect(practice=practice, ids=[one], now=now) for one in ids)


def _bisect(*, practice: Practice, ids: list[int], now: datetime) -> int:
    """Halve the slice until those who fail are alone, and name them."""
    if not ids:
        return 0
    rows = Enrolment.objects.filter(among(column="id", values=ids), state="waiting", due_at__lte=now)
    try:
        return _move_slice(practice=practice, rows=rows, limit=len(ids), now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:
        if len(ids) == 1:
            return _postpone(enrolment_id=ids[0], failure=failure, now=now)
    half = len(ids) // 2
    return _bisect(practice=practice, ids=ids[:half], now=now) + _bisect(practice=practice, ids=ids[half:], now=now)


def _postpone(*, enrolment_id: int, failure: Exception, now: datetime) -> int:
    with transaction.atomic():
        row = _locked(Enrolment.objects.filter(pk=enrolment_id, state="waiting")).first()
        if row is None:
            return 0
        row.attempts += 1
        row.retry_at = now + wait_after(attempts=row.attempts)
        row.reason = _told(failure=failure)
        if row.attempts >= TRIES:
            row.state, row.moved_at = "stuck", now
        row.save(update_fields=["attempts", "retry_at", "reason", "state", "moved_at"])
    return 1


def _told(*, failure: Exception) -> str:
    trace = describe(failure=failure)
    return kept(refusal=failure, trace=trace) if isinstance(failure, Refusal) else trace


def _locked(rows: "QuerySet[Enrolment]") -> "QuerySet[Enrolment]":
    """On SQLite the IMMEDIATE transaction itself keeps a second worker out."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


_CLAIMED = (
    *("id", "node", "occurrence", "due_at", "person_id", "context", "assignment__arm", "assignment__share"),
    "attempts",
)


@transaction.atomic
def _move_slice(*, practice: Practice, rows: "QuerySet[Enrolment]", limit: int, now: datetime) -> int:
    claimed = _locked(rows).order_by("due_at", "id").values_list("version_id", *_CLAIMED)[:limit]
    groups: dict[tuple[int, str], list[Traveller]] = defaultdict(list)
    count = 0
    for version_id, id_, node, occurrence, due_at, person, context, arm, share, attempts in claimed:
        one = Traveller(id_, node, occurrence, due_at or now, person, context, arm, share, attempts > 0)
        groups[version_id, node].append(one)
        count += 1
    reach(label="practices.claimed")
    if not count:
        return 0
    versions = PracticeVersion.objects.in_bulk([version for version, _ in groups])
    moved: list[Moved] = []
    for (version_id, _), party in groups.items():
        version = versions[version_id]
        setting = Setting(practice=practice, version=version.number, flow=flow_of(text=version.flow), now=now)
        moved += _move_party(party=party, setting=setting)
    reach(label="practices.planned")
    _write(moved=moved, parties=list(groups.values()))
    reach(label="practices.moved")
    return count


def _move_party(*, party: Party, setting: Setting) -> list[Moved]:
    """Move everybody who stands at one node of one version."""
    for one in party:
        one.open()
    gone = leaving(party=party, setting=setting)
    moved: list[Moved] = [
        (one.id, one.node, None, "", "left", setting.now, gone[one.id]) for one in party if one.id in gone
    ]
    together = [one for one in party if one.id not in gone]
    if not together:
        return moved
    conditions = conditions_ahead(flow=setting.flow, node=party[0].node)
    by_answers: dict[tuple[bool, ...], list[Traveller]] = defaultdict(list)
    for one, answers in zip(together, _answers(party=together, conditions=conditions), strict=True):
        by_answers[answers].append(one)
    for answers, group in by_answers.items():
        way = path(flow=setting.flow, node=group[0].node, answers=dict(zip(conditions, answers, strict=True)))
        moved += _walk(way=way, party=group, setting=setting)
    return moved


def _answers(*, party: Party, conditions: Sequence[Condition]) -> list[tuple[bool, ...]]:
    if not conditions:
        return [()] * len(party)
    rows = Enrolment.objects.filter(among(column="id", values=[one.id for one in party]))
    caused_at = dict(rows.values_list("id", "caused_at"))
    asked = [Asked(person_id=one.person_id, caused_at=caused_at[one.id], context=one.context) for one in party]
    return answer(conditions=conditions, asked=asked)


def _walk(*, way: Path, party: Party, setting: Setting) -> list[Moved]:
    """Do everything on the way; whoever is refused stops at that step, named, until staff put it right."""
    stopped: list[Moved] = []
    going = list(party)
    for effect in way.effects:
        perform(step=effect.step, node=effect.node, party=going, setting=setting)
        refused = [(one, one.refusal) for one in going if one.refusal]
        if refused:
            stopped += [_stopped(one=one, node=effect.node, refusal=why, now=setting.now) for one, why in refused]
            going = [one for one in going if not one.refusal]
    return stopped + _arrived(way=way, party=going, now=setting.now)


def _stopped(*, one: Traveller, node: str, refusal: Refusal, now: datetime) -> Moved:
    """Stuck where staff can put it right. Where nothing is left to give, the way is over: what comes after speaks of
    a coupon that there is not, and nobody waits for ever for somebody else's to be given back."""
    if refusal.code in WITHOUT_COUPON:
        return (one.id, node, None, "", "left", now, kept(refusal=refusal))
    return (one.id, node, one.due_at, "", "stuck", now, kept(refusal=refusal))


def _arrived(*, way: Path, party: Party, now: datetime) -> list[Moved]:
    if way.wait is None:
        return [(one.id, way.node, None, "", "done", now, "") for one in party]
    wait, awaits = way.wait, way.wait.until_fact or ""
    # Whoever was due at the same moment is due together again: a slice knows few moments and many people.
    since = {one.due_at: counted_from(due_at=one.due_at, now=now) for one in party}
    due_at = {moment: due_after(wait=wait, since=counted) for moment, counted in since.items()}
    return [(one.id, way.node, due_at[one.due_at], awaits, "waiting", now, "") for one in party]


def _write(*, moved: Sequence[Moved], parties: Sequence[Party]) -> None:
    columns = ("id", "node", "due_at", "awaits", "state", "moved_at", "reason")
    update_rows(model=Enrolment, columns=columns, rows=moved)
    everybody = [one for party in parties for one in party]
    changed = [(one.id, one.close()) for one in everybody if one.values]
    if changed:
        update_rows(model=Enrolment, columns=("id", "context"), rows=changed)
    tried = [one.id for one in everybody if one.tried]
    if tried:
        Enrolment.objects.filter(among(column="id", values=tried)).update(attempts=0, retry_at=None)
