"""Decide how a practice is judged, before its outcome is known."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from kizuna.errors import Conflict, Invalid
from kizuna.facts.audit.operations import record
from kizuna.prove.trials.models import Look, Plan, StoreStart
from kizuna.prove.trials.queries.design import design_of
from kizuna.prove.trials.queries.looks import last_look
from kizuna.words import Words


class BadPlan(Invalid):
    """An end that is over, or a trial of nobody."""

    code = "bad_trial_plan"


class TrialOver(Conflict):
    """The trial has ended as it was planned; moving its end now would be choosing it by its result."""

    code = "trial_over"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="予定した最後の判定が済んでいるため、終わりの日は変えられません。"
                "もう一度確かめるには、新しい接客方法として始めてください。",
                en="The last planned look has been taken, so the end cannot be moved. To try again, start it as a new "
                "practice.",
            )
        )


def plan_trial(
    *,
    practice: str,
    ends_at: datetime | None,
    people_planned: int | None,
    by_lot: bool = True,
    actor: str,
    now: datetime,
) -> None:
    """Decide when the trial ends and how many customers it will then have counted; looks on the way spend towards that.

    Raises: BadPlan; TrialOver once the last look under the plan before was taken: its 5 % are spent, and a further try
    is a practice of its own.
    """
    if ends_at is not None and ends_at <= now:
        raise BadPlan(Words(ja="終了日はこれからの日にしてください。", en="The end must lie ahead of now."))
    if ends_at is not None and not people_planned:
        raise BadPlan(
            Words(
                ja="終了日までに結果が出る人数の見込みを入れてください。",
                en="Say how many customers will have their outcome in by the end.",
            )
        )
    design = design_of(name=practice)
    main = next((aim for aim in design.aims if aim.primary), None)
    rows = Look.objects.filter(practice=practice).order_by("day")
    if main is not None:
        rows = rows.filter(metric=main.metric, window_days=main.window_days)
    if last_look(rows=list(rows), design=design) is not None:
        raise TrialOver
    with transaction.atomic():
        Plan.objects.update_or_create(
            practice=practice,
            defaults={
                "ends_at": ends_at,
                "people_planned": people_planned if ends_at is not None else None,
                "by_lot": by_lot,
                "decided_at": now,
                "decided_by": actor,
            },
        )
        detail = {"ends_at": ends_at.isoformat() if ends_at else None, "people_planned": people_planned}
        record(actor=actor, action="trials.planned", target=practice, detail=detail, now=now)


def start_in_stores(*, practice: str, stores: Sequence[str], since: date, actor: str, now: datetime) -> None:
    """Remember that some stores began a way of serving on a day, without a lot; saying it again moves the day."""
    with transaction.atomic():
        for store in dict.fromkeys(stores):
            StoreStart.objects.update_or_create(practice=practice, store=store, defaults={"since": since})
        detail = {"stores": sorted(set(stores)), "since": since.isoformat()}
        record(actor=actor, action="trials.stores_started", target=practice, detail=detail, now=now)
