"""Whether everything a flow names is there: templates in use, coupons on offer, surveys that are asked."""

from collections.abc import Iterator

from kizuna.act.offers.queries import offers
from kizuna.act.outreach.queries import templates
from kizuna.act.practices.rules.check import Problem
from kizuna.act.practices.rules.flow import Coupon, Flow, Node, Send, Survey
from kizuna.listen.surveys.queries import surveys
from kizuna.words import Words


def missing(*, flow: Flow) -> tuple[Problem, ...]:
    """Every step that names something which is not there or not in use yet, and what to do."""
    written = {card.name for card in templates() if card.published}
    given = {card.name for card in offers() if card.state == "published"}
    asked = {card.slug for card in surveys() if card.active}
    return tuple(
        Problem(node=name, words=words)
        for name, node in flow.nodes.items()
        for words in _missing(node=node, written=written, given=given, asked=asked)
    )


def _missing(*, node: Node, written: set[str], given: set[str], asked: set[str]) -> Iterator[Words]:
    if isinstance(node, Send | Survey) and node.template not in written:
        words = Words(
            ja="文面「{name}」が公開されていません。文面を公開してから始めてください。",
            en="Template “{name}” is not in use. Publish it first.",
        )
        yield words.fill(name=node.template)
    if isinstance(node, Coupon) and node.offer not in given:
        words = Words(
            ja="クーポン「{name}」が公開されていません。公開してから始めてください。",
            en="Offer “{name}” is not published. Publish it first.",
        )
        yield words.fill(name=node.offer)
    if isinstance(node, Survey) and node.survey not in asked:
        words = Words(
            ja="アンケート「{name}」がないか、停止中です。有効にしてから始めてください。",
            en="Survey “{name}” is not there or switched off. Switch it on first.",
        )
        yield words.fill(name=node.survey)
