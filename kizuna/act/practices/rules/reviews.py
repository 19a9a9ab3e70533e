"""Who is asked for a public review, or rewarded for one, may not depend on a score (ステマ規制).

Happy and unhappy customers see the same request. A branch on a score chooses who comes to the steps between it and the
step where its two ways have met again for everybody; a score in the trigger and a group in «for whom» choose who
comes to any step at all.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kizuna.act.offers.rules.law import score_refusal
from kizuna.act.offers.rules.terms import Terms
from kizuna.act.practices.rules.check import Problem
from kizuna.act.practices.rules.flow import (
    Branch,
    Coupon,
    End,
    FactTrigger,
    Flow,
    Node,
    Send,
    Survey,
    TaskStep,
    Wait,
    reached,
)
from kizuna.words import Words

_ASK = re.compile(
    r"(?:レビュー|口コミ|クチコミ|くちコミ)(?:の|を|に|も|への)? *(?:ご)?(?:投稿|記入|書き込み|掲載)?(?:の|を)? *"
    r"(?:お願い|依頼|お?勧め|促|頼|書いて|していただ|いただ)|\b(?:ask|invite|request)\b[^.\n]{0,40}\breviews?\b",
    re.IGNORECASE,
)
"""Staff are told to ask for one; to read or answer a review is something else."""
_SCORES = {"detractor": (0.0, 6.0), "passive": (7.0, 8.0), "promoter": (9.0, 10.0)}
_REQUEST = Words(
    ja="{where}でお客様を点数によって分けたうえで、公開のレビューをお願いしています。満足された方だけにお願いすることは"
    "できません（ステマ規制）。点数の条件を外すか、点数にかかわらず全員がこのステップへ進むようにしてください。",
    en="This step asks for a public review, but {where} has chosen the customers by a score. Happy and unhappy"
    " customers must see the same request. Take the score out, or lead everybody to this step whatever the score.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Where a score decides who comes to a step, and which scores are let through."""

    where: Words
    low: float | None
    high: float | None


def problems_with_reviews(*, flow: Flow, asking: Collection[str], offers: Mapping[str, Terms]) -> tuple[Problem, ...]:
    """Every step that asks for reviews, or rewards them, by score. The flow's steps must be without circles.

    ``asking`` names the templates that ask for a review, ``offers`` the terms of each offer.
    """
    return tuple(
        Problem(node=name, words=words)
        for name, node in flow.nodes.items()
        for words in _of_node(name=name, node=node, flow=flow, asking=asking, offers=offers)
    )


def chosen_by_score(*, flow: Flow, node: str) -> tuple[Chosen, ...]:
    """Everywhere that a score decides who comes to this step."""
    return (*_at_the_door(flow=flow), *_on_the_way(flow=flow, node=node))


def _of_node(
    *, name: str, node: Node, flow: Flow, asking: Collection[str], offers: Mapping[str, Terms]
) -> Iterator[Words]:
    if _asks(node=node, asking=asking):
        chosen = chosen_by_score(flow=flow, node=name)
        if chosen:
            ja, en = "・".join(one.where.ja for one in chosen), " and ".join(one.where.en for one in chosen)
            yield Words(ja=_REQUEST.ja.format(where=ja), en=_REQUEST.en.format(where=en))
    if isinstance(node, Coupon) and node.offer in offers:
        after = _follows_a_review(flow=flow, node=name)
        for one in chosen_by_score(flow=flow, node=name):
            terms = offers[node.offer]
            refusal = score_refusal(terms=terms, on_review=after, score_min=one.low, score_max=one.high)
            if refusal is not None:
                yield refusal.words
                return


def _asks(*, node: Node, asking: Collection[str]) -> bool:
    if isinstance(node, Send | Survey):
        return node.template in asking
    if isinstance(node, TaskStep):
        return _ASK.search(unicodedata.normalize("NFKC", f"{node.title}\n{node.body}")) is not None
    return False


# ── where a score chooses ───────────────────────────────────────────────────────────────────────
def _at_the_door(*, flow: Flow) -> Iterator[Chosen]:
    trigger = flow.trigger
    if isinstance(trigger, FactTrigger) and not (trigger.score_min is None and trigger.score_max is None):
        where = Words(ja="きっかけの点数", en="the score in the trigger")
        yield Chosen(where=where, low=trigger.score_min, high=trigger.score_max)
    groups = set(flow.eligible.nps_groups)
    if groups and groups != set(_SCORES):
        where = Words(ja="対象の推奨度の区分", en="the NPS group in «for whom»")
        scores = [score for group in groups for score in _SCORES[group]]
        yield Chosen(where=where, low=min(scores), high=max(scores))


def _on_the_way(*, flow: Flow, node: str) -> Iterator[Chosen]:
    for name, at in flow.nodes.items():
        if not isinstance(at, Branch) or at.condition.asked != "score":
            continue
        meeting = {one for one in flow.nodes if all(_comes(flow=flow, at=way, to=one) for way in (at.yes, at.no))}
        if node in reached(flow=flow, starts=(at.yes, at.no), without=meeting):
            where = Words(ja="分岐「{name}」", en="the branch “{name}”").fill(name=name)
            yield Chosen(where=where, low=at.condition.score_min, high=at.condition.score_max)


def _comes(*, flow: Flow, at: str, to: str) -> bool:
    """Whether everybody who is at one step comes to the other, whichever way they take."""
    without_it = reached(flow=flow, starts=(at,), without={to})
    return not any(isinstance(flow.nodes[one], End) for one in without_it)


def _follows_a_review(*, flow: Flow, node: str) -> bool:
    """Whether what is given here answers a public review: the practice begins with one, or has waited for one."""
    if isinstance(flow.trigger, FactTrigger) and flow.trigger.fact == "reviewed":
        return True
    waits = (one for one in flow.nodes.values() if isinstance(one, Wait) and one.until_fact == "reviewed")
    return any(node in reached(flow=flow, starts=(wait.next,), without=()) for wait in waits)
