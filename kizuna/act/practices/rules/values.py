"""What a letter says must have been given on the way to it: one that lacks a value would never be sent."""

from collections.abc import Collection, Iterator, Mapping

from kizuna.act.practices.rules.check import Problem
from kizuna.act.practices.rules.flow import Coupon, Flow, Node, Send, Survey, is_about_an_order, reached
from kizuna.words import Words

_COUPON = Words(
    ja="文面「{template}」にはクーポンが入りますが、ここまでにクーポンを渡さない進み方があります。前に「クーポンを渡す」を入れるか、"
    "別の文面を選んでください。",
    en="Template “{template}” tells of a coupon, but there is a way here on which none was given. Give one before, or "
    "choose another template.",
)
_LINK = Words(
    ja="文面「{template}」にはアンケートのリンクが入りますが、ここまでにアンケートを送らない進み方があります。「アンケートを送る」に"
    "変えるか、別の文面を選んでください。",
    en="Template “{template}” holds the link of a survey, but there is a way here on which none was asked. Make this "
    "step a survey, or choose another template.",
)
_ORDER = Words(
    ja="文面「{template}」には注文の番号や商品が入りますが、この接客方法は注文をきっかけに始まりません。別の文面を選んでください。",
    en="Template “{template}” names an order, but this practice does not begin with one. Choose another template.",
)


def problems_with_values(*, flow: Flow, fields: Mapping[str, Collection[str]]) -> tuple[Problem, ...]:
    """Every letter whose wording names a value that some way to it does not give.

    ``fields`` are the merge fields of each template; a template that is not among them says nothing.
    """
    return tuple(
        Problem(node=name, words=words.fill(template=node.template))
        for name, node in flow.nodes.items()
        if isinstance(node, Send | Survey)
        for words in _lacking(flow=flow, name=name, node=node, said=fields.get(node.template, ()))
    )


def _lacking(*, flow: Flow, name: str, node: Node, said: Collection[str]) -> Iterator[Words]:
    kinds = {field.split(".")[0] for field in said}
    if "クーポン" in kinds and _comes_without(flow=flow, name=name, kind=Coupon):
        yield _COUPON
    if "アンケート" in kinds and not isinstance(node, Survey) and _comes_without(flow=flow, name=name, kind=Survey):
        yield _LINK
    if "注文" in kinds and not is_about_an_order(flow=flow):
        yield _ORDER


def _comes_without(*, flow: Flow, name: str, kind: type[Node]) -> bool:
    """Whether somebody can come to this step without passing one of that kind."""
    giving = {other for other, node in flow.nodes.items() if isinstance(node, kind) and other != name}
    return name in reached(flow=flow, starts=[arm.first for arm in flow.arms], without=giving)
