"""Whether a flow may begin: what it names and what its letters tell is there, and no score chooses who is to review."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from kizuna.act.offers.queries import offers
from kizuna.act.outreach.queries import settings_in_force, templates
from kizuna.act.outreach.queries.world import published_wordings
from kizuna.act.outreach.rules.law import asks_for_review
from kizuna.act.outreach.rules.merge import fields_in
from kizuna.act.practices.models import Enrolment, PracticeVersion
from kizuna.act.practices.queries.invariants import SHOWN
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.check import Problem
from kizuna.act.practices.rules.flow import Coupon, Flow, Node, Send, Survey, Wait
from kizuna.act.practices.rules.reviews import problems_with_reviews
from kizuna.act.practices.rules.values import problems_with_values
from kizuna.facts.outbox.rules import Violation
from kizuna.listen.surveys.queries import surveys
from kizuna.words import Words

_CHOSEN = Words(
    ja="点数によって、公開のレビューをお願いする（または特典を付ける）お客様を選んでいる接客方法があります。",
    en="A practice chooses by a score whom it asks for a public review, or rewards for one.",
)


def missing(*, flow: Flow) -> tuple[Problem, ...]:
    """Every step that names something which is not there, or a letter with a value that is not, and what to do."""
    written = {card.name for card in templates() if card.published}
    known = {card.name for card in offers()}  # whether they give anything is asked of ``nothing_to_give``
    asked = {card.slug for card in surveys() if card.active}
    opens = settings_in_force().tracks_opens
    named = (
        Problem(node=name, words=words)
        for name, node in flow.nodes.items()
        for words in (*_missing(node=node, written=written, known=known, asked=asked), *_unseen(node=node, opens=opens))
    )
    return (*named, *problems_with_values(flow=flow, fields=_fields(flow=flow)))


def _fields(*, flow: Flow) -> dict[str, set[str]]:
    """The merge fields of each template the flow sends, whatever channel and language."""
    used = {node.template for node in flow.nodes.values() if isinstance(node, Send | Survey)}
    return {
        name: {field for body in found.bodies for text in (body.subject, body.body) for field in fields_in(text=text)}
        for name, found in published_wordings(names=used).items()
    }


def chosen_for_reviews(*, flow: Flow) -> tuple[Problem, ...]:
    """Every step that asks for a public review, or rewards one, by score: as its texts and coupons are today."""
    named = {node.template for node in flow.nodes.values() if isinstance(node, Send | Survey)}
    asking = {name for name, found in published_wordings(names=named).items() if asks_for_review(bodies=found.bodies)}
    terms = {card.name: card.terms for card in offers()}
    return problems_with_reviews(flow=flow, asking=asking, offers=terms)


def check_reviews(*, now: datetime) -> list[Violation]:
    """A text may have come to ask for reviews after its practice had begun (``now`` changes nothing)."""
    del now
    under_way = Q(practice__state="running", number=F("practice__number")) | Exists(
        Enrolment.objects.filter(version=OuterRef("pk"), state="waiting")
    )
    broken = [
        f"practice:{version.practice.name} v{version.number} {problem.node}"
        for version in PracticeVersion.objects.filter(under_way).select_related("practice").order_by("id")
        for problem in chosen_for_reviews(flow=flow_of(text=version.flow))
    ]
    return [Violation(rule="LAW", words=_CHOSEN, count=len(broken), examples=tuple(broken[:SHOWN]))] if broken else []


def _unseen(*, node: Node, opens: bool) -> Iterator[Words]:
    if isinstance(node, Wait) and node.until_fact == "opened" and not opens:
        yield Words(
            ja="開封の記録がオフのため、開封を待っても気づけません。配信の設定で開封を記録するようにするか、ほかの出来事を選んでください。",
            en="Opens are not tracked, so waiting for one would always time out. Track them in the messaging settings, "
            "or wait for something else.",
        )


def _missing(*, node: Node, written: set[str], known: set[str], asked: set[str]) -> Iterator[Words]:
    if isinstance(node, Send | Survey) and node.template not in written:
        words = Words(
            ja="文面「{name}」が公開されていません。文面を公開してから始めてください。",
            en="Template “{name}” is not in use. Publish it first.",
        )
        yield words.fill(name=node.template)
    if isinstance(node, Coupon) and node.offer not in known:
        words = Words(
            ja="クーポン「{name}」がありません。特典を作って公開するか、別の特典を選んでください。",
            en="There is no offer “{name}”. Make and publish it, or choose another.",
        )
        yield words.fill(name=node.offer)
    if isinstance(node, Survey) and node.survey not in asked:
        words = Words(
            ja="アンケート「{name}」がないか、停止中です。有効にしてから始めてください。",
            en="Survey “{name}” is not there or switched off. Switch it on first.",
        )
        yield words.fill(name=node.survey)
