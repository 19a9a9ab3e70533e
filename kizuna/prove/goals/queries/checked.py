"""A goal against S, M, A, R and T, before it is kept and while it is open."""

from datetime import date, datetime

from kizuna.clock import JST
from kizuna.customers.staff.queries import all_staff
from kizuna.customers.stores.queries import store_names
from kizuna.facts.touchpoints import touchpoint_words
from kizuna.prove.goals.queries.practices import contributions
from kizuna.prove.goals.queries.progress import outlooks, start_of
from kizuna.prove.goals.rules import GoalDraft, Known, Letter, is_up, letters
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import card
from kizuna.understand.metrics.queries.text import number_text, size_text
from kizuna.words import Words


def check_draft(
    *, draft: GoalDraft, start: Estimate | NotEnough | None = None, start_month: date | None = None, now: datetime
) -> tuple[Letter, ...]:
    """The five letters. ``start`` is measured now unless the goal has one already.

    Raises: UnknownMetric, UnknownDim.
    """
    known = card(name=draft.metric)
    begun = start_of(draft=draft, now=now) if start is None else start
    value = begun.value if isinstance(begun, Estimate) else None
    today = now.astimezone(JST).date()
    given = contributions(draft=draft, start_month=start_month or today, now=now)
    (outlook,) = outlooks(drafts=[draft], starts=[value], now=now)
    owner = next((one for one in all_staff() if one.user_id == draft.owner_id), None)
    return letters(
        known=Known(
            draft=draft,
            subject=str(subject_of(draft=draft)),
            dims=known.dims,
            up=is_up(better=known.better, start=value, target=draft.target),
            start=begun,
            outlook=outlook,
            gain=given.most,
            owner=owner.name if owner else "",
            owner_stores=owner.stores if owner else (),
            mature_days=known.mature_days,
            today=today,
            text=lambda number: number_text(value=number, unit=known.unit, decimals=known.decimals),
            apart=lambda number: size_text(value=number, unit=known.unit, decimals=known.decimals),
        )
    )


def subject_of(*, draft: GoalDraft) -> Words:
    """What the goal looks at, in words: «名古屋店・接客の推奨度（NPS）»."""
    title = card(name=draft.metric).title
    store = store_names().get(draft.store, draft.store)
    point = touchpoint_words(slug=draft.touchpoint) if draft.touchpoint else None
    ja = "・".join(part for part in (store, point.ja if point else "") if part)
    en = ", ".join(part for part in (store, point.en if point else "") if part)
    return Words(ja=f"{ja}の{title.ja}" if ja else f"全社の{title.ja}", en=f"{title.en} ({en or 'whole company'})")
