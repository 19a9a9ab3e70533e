"""The keys of the messages that one customer's way through a flow can have planned."""

from collections.abc import Iterator

from kizuna.act.outreach.rules import message_key
from kizuna.act.practices.rules.flow import Flow, Send, Survey


def sending_steps(*, flow: Flow) -> tuple[str, ...]:
    """The steps that plan a message."""
    return tuple(name for name, node in flow.nodes.items() if isinstance(node, Send | Survey))


def keys_of(
    *, practice: str, version: int, steps: tuple[str, ...], enrolment_id: int, occurrence: int
) -> Iterator[tuple[str, str]]:
    """(step, key) of every message that an enrolment can have planned so far, steps that were repeated by hand too."""
    for turn in range(occurrence + 1):
        for step in steps:
            key = message_key(practice=practice, version=version, enrolment_id=enrolment_id, node=step, occurrence=turn)
            yield step, key
