"""A flow as a person reads it from top to bottom: steps in order, branches indented, joins named."""

from collections.abc import Mapping
from dataclasses import dataclass

from kizuna.act.practices.rules.flow import Branch, Flow, followers
from kizuna.act.practices.rules.wording import ICONS, node_words
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as read. ``yes`` and ``no`` hold what follows a branch; ``joins`` marks a step already told above."""

    node: str
    kind: str
    icon: str
    words: Words
    joins: bool = False
    yes: "tuple[Line, ...]" = ()
    no: "tuple[Line, ...]" = ()


def outline(*, flow: Flow, first: str, names: Mapping[str, Words]) -> tuple[Line, ...]:
    """The steps from ``first`` on; ``names`` as for ``node_words``."""
    return _told(flow=flow, name=first, told=set(), names=names)


def _told(*, flow: Flow, name: str, told: set[str], names: Mapping[str, Words]) -> tuple[Line, ...]:
    lines: list[Line] = []
    at: str | None = name
    while at is not None and at in flow.nodes:
        node = flow.nodes[at]
        words = node_words(node=node, names=names)
        kind = str(node.__struct_config__.tag)
        if at in told and kind != "end":
            lines.append(Line(node=at, kind=kind, icon="corner-down-right", words=words, joins=True))
            break
        told.add(at)
        if isinstance(node, Branch):
            yes = _told(flow=flow, name=node.yes, told=told, names=names)
            no = _told(flow=flow, name=node.no, told=told, names=names)
            lines.append(Line(node=at, kind=kind, icon=ICONS[type(node)], words=words, yes=yes, no=no))
            break
        lines.append(Line(node=at, kind=kind, icon=ICONS[type(node)], words=words))
        at = next(iter(followers(node=node)), None)
    return tuple(lines)
