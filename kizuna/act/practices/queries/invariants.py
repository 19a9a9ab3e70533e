"""What must always hold of practices (J1–J7), asked of the rows and facts themselves."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from kizuna.act.outreach.queries import settings_in_force
from kizuna.act.outreach.queries.traces import Trace, traces
from kizuna.act.outreach.rules import next_allowed
from kizuna.act.outreach.rules.drafts import agreed_as
from kizuna.act.outreach.rules.gate import PRACTICE_COUNT, PRACTICE_WINDOW
from kizuna.act.practices.models import STATES, Assignment, Enrolment, Practice, PracticeVersion
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.flow import Branch, Flow, followers
from kizuna.act.practices.rules.keys import keys_of, sending_steps
from kizuna.customers.consent.queries import consents_of
from kizuna.customers.people.queries import clusters_of, erased_among, roots_of
from kizuna.facts.catalogue import MessageSent, PersonLinked, PracticeAssigned
from kizuna.facts.lake.queries import connect, source
from kizuna.facts.outbox.rules import Violation
from kizuna.stats.randomisation import is_held_out
from kizuna.words import Words

WINDOW = timedelta(days=35)
"""Messages and steps older than this were checked while they were young."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
OVERDUE = timedelta(hours=1)
SHOWN = 5

RULES: Mapping[str, Words] = {
    "J1": Words(
        ja="1つのステップで同じ方に2通以上受け付けられた配信があります。",
        en="A step was accepted by a provider more than once.",
    ),
    "J2": Words(
        ja="待機・完了・停滞（理由あり）・離脱（理由あり）のどれでもないか、期限を過ぎて動かないお客様がいます。",
        en="Somebody is neither waiting, done nor named as stuck or left, or is overdue and not moving.",
    ),
    "J3": Words(
        ja="配信停止の記録後に配信されたものがあります。", en="Something was sent after the customer had refused it."
    ),
    "J4": Words(
        ja="配信しない時間帯・回数の上限・比較用の割付を守っていない配信があります。",
        en="Something was sent in quiet hours, over the cap, or to the hold-out.",
    ),
    "J5": Words(
        ja="比較用の割付が、ソルトとお客様から計算した結果と一致しません。",
        en="A lot differs from what salt and customer say.",
    ),
    "J6": Words(
        ja="割り付けられたのに、ステップが1つも始まっていないお客様がいます。",
        en="Somebody was assigned to be served and never entered.",
    ),
    "J7": Words(
        ja="事実やステップを再計算した結果と、実際の記録が一致しません。",
        en="Replaying facts and steps gives something else than what is on record.",
    ),
}


def check_invariants(*, now: datetime) -> list[Violation]:
    """Every rule that does not hold, over everything of the last weeks; empty when all is well."""
    told = list(traces(since=now - WINDOW))
    checks: Mapping[str, Callable[[], Iterable[str]]] = {
        "J1": _sent_twice,
        "J2": lambda: _unaccounted(now=now),
        "J3": lambda: _sent_after_refusal(told=told),
        "J4": lambda: _sent_against_the_gate(told=told),
        "J5": _lots_that_differ,
        "J6": lambda: _never_entered(now=now),
        "J7": lambda: _replayed_otherwise(told=told, now=now),
    }
    found = {rule: list(check()) for rule, check in checks.items()}
    return [
        Violation(rule=rule, words=RULES[rule], count=len(examples), examples=tuple(examples[:SHOWN]))
        for rule, examples in found.items()
        if examples
    ]


def _sent_twice() -> Iterator[str]:
    """A provider's acceptance is the fact MessageSent: one for each message, and one message for each key."""
    sql = f"SELECT message_id FROM ({source(fact=MessageSent)}) GROUP BY message_id HAVING count(*) > 1 ORDER BY 1"
    yield from (f"message:{message}" for (message,) in _rows(sql))


def _unaccounted(*, now: datetime) -> Iterator[str]:
    strange = ~Q(state__in=STATES) | (Q(state__in=("stuck", "left")) & Q(reason="")) | Q(state="waiting", due_at=None)
    yield from (f"enrolment:{id_}" for id_ in Enrolment.objects.filter(strange).values_list("id", flat=True))
    late = Enrolment.objects.filter(
        state="waiting", due_at__lt=now - OVERDUE, attempts=0, practice__state__in=("running", "ended")
    ).filter(Q(practice__paused_at=None), moved_at__lt=now - OVERDUE)
    yield from (f"enrolment:{id_} overdue" for id_ in late.values_list("id", flat=True))
    for version in PracticeVersion.objects.all():
        nodes = list(flow_of(text=version.flow).nodes)
        lost = Enrolment.objects.filter(version=version, state__in=("waiting", "stuck")).exclude(node__in=nodes)
        yield from (f"enrolment:{id_} {node}" for id_, node in lost.values_list("id", "node"))


def _sent_after_refusal(*, told: list[Trace]) -> Iterator[str]:
    """By the statements on record when the gate let it through."""
    attempted = [one for one in told if one.attempted_at and (one.purpose != "service" or one.practice)]
    records = _records(person_ids={one.person_id for one in attempted})
    everybody = {record for ids in records.values() for record in ids}
    statements: dict[tuple[int, str, str], list[tuple[datetime, datetime, bool]]] = defaultdict(list)
    for card in consents_of(person_ids=everybody) if everybody else ():
        key = (card.person_id, card.channel, card.purpose)
        statements[key].append((card.stated_at, card.recorded_at, card.granted))
    for one in attempted:
        known = [
            (stated, granted)
            for record in records[one.person_id]
            for stated, recorded, granted in statements.get((record, one.route, _agreed(one)), ())
            if one.attempted_at and recorded < one.attempted_at and stated <= one.attempted_at
        ]
        if known and not max(known)[1]:
            yield f"message:{one.message_id}"


def _agreed(one: Trace) -> str:
    return agreed_as(purpose=one.purpose, practice=one.practice)


def _records(*, person_ids: set[int]) -> dict[int, tuple[int, ...]]:
    """All records of each person's customer; erased ones are their own."""
    roots = roots_of(person_ids=person_ids)
    clusters = clusters_of(root_ids=set(roots.values()))
    return {person: clusters.get(roots.get(person, person), (person,)) for person in person_ids}


def _sent_against_the_gate(*, told: list[Trace]) -> Iterator[str]:
    settings = settings_in_force()
    attempted = [one for one in told if one.attempted_at]
    for one in attempted:
        quiet = one.attempted_at and next_allowed(hours=settings.hours, now=one.attempted_at) != one.attempted_at
        if quiet and (one.purpose != "service" or one.practice):
            yield f"message:{one.message_id} quiet hours"
    advertising = [one for one in attempted if one.purpose == "marketing"]
    over = {*_over_the_cap(among=advertising, count=settings.cap.count, within=timedelta(days=settings.cap.days))}
    by_practices = [one for one in attempted if one.practice]
    over.update(_over_the_cap(among=by_practices, count=PRACTICE_COUNT, within=PRACTICE_WINDOW))
    yield from sorted(over)
    yield from _sent_to_the_held_out(attempted=attempted)


def _sent_to_the_held_out(*, attempted: list[Trace]) -> Iterator[str]:
    """To a customer one of whose records was held out, and was theirs already when the message was let through."""
    practices = {one.practice for one in attempted if one.practice}
    drawn = Assignment.objects.filter(held_out=True, practice__name__in=practices)
    held = list(drawn.values_list("practice__name", "person_id", "assigned_at"))
    roots = roots_of(person_ids={one.person_id for one in attempted} | {person for _, person, _ in held})
    theirs: dict[tuple[str, int], list[tuple[int, datetime]]] = defaultdict(list)
    for practice, person, assigned_at in held:
        theirs[practice, roots.get(person, person)].append((person, assigned_at))
    met = [(one, theirs.get((one.practice, roots.get(one.person_id, one.person_id)), [])) for one in attempted]
    since = _linked_since(
        people={one.person_id for one, lots in met if lots} | {person for _, lots in met for person, _ in lots}
    )
    for one, lots in met:
        at = one.attempted_at or one.planned_at
        for person, assigned_at in lots:
            joined = person == one.person_id or max(since[person], since[one.person_id]) <= at
            if joined and assigned_at <= at:
                yield f"message:{one.message_id} held out"
                break


def _linked_since(*, people: set[int]) -> Mapping[int, datetime]:
    """Since when each record belongs to the customer it belongs to now; one never linked always has."""
    since: dict[int, datetime] = defaultdict(lambda: _BEGINNING)
    if people:
        links = f"SELECT person_id, epoch_us(max(occurred_at)) FROM ({source(fact=PersonLinked)}) GROUP BY person_id"
        known = ((int(str(person)), int(str(at))) for person, at in _rows(links))
        since.update((person, _BEGINNING + timedelta(microseconds=at)) for person, at in known if person in people)
    return since


def _over_the_cap(*, among: list[Trace], count: int, within: timedelta) -> Iterator[str]:
    """More than so many of these accepted for one customer, over all channels, within the time of the cap."""
    roots = roots_of(person_ids={one.person_id for one in among})
    sent: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for one in among:
        if one.attempted_at and one.sent_at:
            sent[roots.get(one.person_id, one.person_id)].append((one.attempted_at, one.message_id))
    for moments in sent.values():
        moments.sort()
        for place in range(count, len(moments)):
            if moments[place][0] - moments[place - count][0] < within:
                yield f"message:{moments[place][1]} over the cap"


def _lots_that_differ() -> Iterator[str]:
    salts = dict(Practice.objects.values_list("id", "salt"))
    rows = Assignment.objects.values_list("id", "practice_id", "person_id", "held_out", "share")
    for id_, practice, person, held, share in rows.iterator(chunk_size=10_000):
        if is_held_out(salt=salts[practice], unit=person, share=share) != held:
            yield f"assignment:{id_}"


def _never_entered(*, now: datetime) -> Iterator[str]:
    """An assignment and its first enrolment commit together, so a treated customer without one was lost."""
    # One look over all enrolments: there is no index that would answer for each assignment.
    entered = Enrolment.objects.values("assignment_id")
    lost = Assignment.objects.exclude(pk__in=entered).filter(held_out=False, assigned_at__lte=now)
    rows = list(lost.values_list("id", "person_id"))
    erased = erased_among(person_ids=[person for _, person in rows])
    yield from (f"assignment:{id_}" for id_, person in rows if person not in erased)


def _replayed_otherwise(*, told: list[Trace], now: datetime) -> Iterator[str]:
    yield from _facts_that_differ()
    since = now - WINDOW
    keys = {one.key for one in told}
    steps: dict[str, set[str]] = defaultdict(set)
    for version in PracticeVersion.objects.select_related("practice"):
        flow = flow_of(text=version.flow)
        for id_, key, must in _keys(version=version, flow=flow, since=since):
            steps[version.practice.name].add(key)
            if must and key not in keys:
                yield f"enrolment:{id_} without its message"
    names = set(Practice.objects.values_list("name", flat=True))
    for one in told:
        if one.practice in names and one.key not in steps[one.practice]:
            yield f"message:{one.message_id} without its step"


def _facts_that_differ() -> Iterator[str]:
    """Every lot in the lake is the lot on record, once."""
    sql = f"""
        SELECT assignment_id, any_value(person_id), any_value(arm), any_value(held_out), count(*)
        FROM ({source(fact=PracticeAssigned)}) GROUP BY assignment_id
    """
    told = {id_: rest for id_, *rest in _rows(sql)}
    rows = Assignment.objects.values_list("id", "person_id", "arm", "held_out")
    for id_, person, arm, held in rows.iterator(chunk_size=10_000):
        fact = told.get(id_)
        if fact is not None and fact != [person, arm, held, 1]:
            yield f"assignment:{id_} differs from its fact"


def _keys(*, version: PracticeVersion, flow: Flow, since: datetime) -> Iterator[tuple[int, str, bool]]:
    """(enrolment, key, must it be there) of every message this version can have planned.

    It must be there for those who went the whole way, where the way has no branch and nobody moved them. Those who
    were brought in with their past, or erased, have no context and were sent nothing from here.
    """
    steps = sending_steps(flow=flow)
    ways = {arm.name: _way(flow=flow, first=arm.first) for arm in flow.arms}
    columns = ("id", "occurrence", "state", "assignment__arm", "entered_at", "context")
    for id_, occurrence, state, arm, entered_at, context in (
        Enrolment.objects.filter(version=version).values_list(*columns).iterator(chunk_size=10_000)
    ):
        whole = state == "done" and occurrence == 0 and entered_at >= since and context != ""
        keys = keys_of(
            practice=version.practice.name,
            version=version.number,
            steps=steps,
            enrolment_id=id_,
            occurrence=occurrence,
        )
        for node, key in keys:
            yield id_, key, whole and node in ways.get(arm, ())


def _way(*, flow: Flow, first: str) -> frozenset[str]:
    """The steps from the first to the end; none when a branch makes the way a matter of the customer."""
    way, at = [], first
    while after := followers(node=flow.nodes[at]):
        if isinstance(flow.nodes[at], Branch):
            return frozenset()
        way.append(at)
        at = after[0]
    return frozenset(way)


def _rows(sql: str) -> list[list[object]]:
    cursor = connect().cursor()
    try:
        return [list(row) for row in cursor.execute(sql).fetchall()]
    finally:
        cursor.close()
