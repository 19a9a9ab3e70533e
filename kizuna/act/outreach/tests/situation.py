"""One situation in which the gate says «send», to be changed in one place or another."""

from dataclasses import replace

from kizuna.act.outreach.rules import Send, Situation, decide
from kizuna.act.outreach.tests.conftest import NOON

SITUATION = Situation(
    now=NOON, purpose="marketing", by_practice=True, due_at=NOON, late="skip", stale_after_seconds=3600
)


def slug(**changes: object) -> str:
    """What the gate says when this is otherwise: «send», or why not or not yet."""
    decision = decide(situation=replace(SITUATION, **changes))  # type: ignore[arg-type]
    return "send" if isinstance(decision, Send) else decision.slug
