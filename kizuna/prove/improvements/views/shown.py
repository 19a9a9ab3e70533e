"""Names and figures as the pages of the improvements print them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kizuna.customers.people.queries import names_of
from kizuna.customers.products.queries import product_names
from kizuna.customers.stores.queries import store_names
from kizuna.facts.touchpoints import touchpoint_words
from kizuna.prove.improvements.queries import ImprovementCard, Movement, VoiceCard
from kizuna.prove.trials.views.rows import p_text
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries import metrics
from kizuna.understand.metrics.queries.text import difference_text, number_text, reason_words, span_text
from kizuna.words import Words

EVERYWHERE = Words(ja="全店", en="Everywhere")
TONES = {"candidate": "plain", "started": "open", "done": "good", "skipped": "plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One improvement with its names."""

    card: ImprovementCard
    where: str
    product: str
    touchpoint: str
    metric: str
    tone: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One comment with its names."""

    card: VoiceCard
    who: str
    where: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One month in the table."""

    month: str
    value: str
    range: str
    n: int | None
    after: bool


def lines(*, cards: Sequence[ImprovementCard], late: Iterable[int] = ()) -> list[Line]:
    """The improvements with the names of stores, products and metrics."""
    stores = store_names()
    products = product_names(codes={one.product for one in cards if one.product})
    titles = {one.name: str(one.title) for one in metrics()} if any(one.metric for one in cards) else {}
    behind = set(late)
    return [
        Line(
            card=one,
            where="・".join(stores.get(code, code) for code in one.stores) or str(EVERYWHERE),
            product=products.get(one.product, one.product),
            touchpoint=str(touchpoint_words(slug=one.touchpoint)) if one.touchpoint else "",
            metric=titles.get(one.metric, one.metric),
            tone=TONES[one.state],
            late=one.improvement_id in behind,
        )
        for one in cards
    ]


def said(*, voices: Sequence[VoiceCard]) -> list[Said]:
    """The comments with the names of customers, stores and questions."""
    names = names_of(person_ids={one.person_id for one in voices if one.person_id is not None})
    stores = store_names()
    return [
        Said(
            card=one,
            who=names.get(one.person_id, "") if one.person_id is not None else "",
            where=" · ".join(
                part
                for part in (
                    str(touchpoint_words(slug=one.touchpoint)) if one.touchpoint else "",
                    stores.get(one.store, one.store),
                )
                if part
            ),
            source=_source(one),
        )
        for one in voices
    ]


def _source(one: VoiceCard) -> str:
    if one.review_id is not None:
        return str(Words(ja=f"レビュー（{one.source}）", en=f"Review ({one.source})"))
    titles = {name.name: str(name.title) for name in metrics()}
    return titles.get(one.source, one.source)


def months_of(*, found: Movement, done_month: str) -> list[Row]:
    """The metric by month as a table. The months since it was done are marked, and no difference is taken."""
    known = found.metric
    rows = []
    for one in found.months:
        result = one.result
        if isinstance(result, NotEnough):
            row = Row(month=one.month, value="", range=str(reason_words(result=result)), n=None, after=False)
        else:
            low, value, high = (
                number_text(value=number, unit=known.unit, decimals=known.decimals)
                for number in (result.low, result.value, result.high)
            )
            row = Row(
                month=one.month,
                value=value,
                range=span_text(low=low, high=high),
                n=result.n,
                after=one.month >= done_month,
            )
        rows.append(row)
    return rows


def effect_texts(*, found: Movement) -> dict[str, str]:
    """The effect as it is printed; nothing without a comparison."""
    if found.effect is None:
        return {}
    unit, decimals = found.metric.unit, found.metric.decimals
    texts = {
        name: difference_text(value=number, unit=unit, decimals=decimals)
        for name, number in (("value", found.effect.value), ("low", found.effect.low), ("high", found.effect.high))
    }
    return texts | {"p": p_text(p=found.effect.p)}
