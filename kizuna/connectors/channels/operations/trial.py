"""Trying a channel out: what the provider's answer to a test message says to the person who pressed the button."""

from kizuna.connectors.channels.operations.health import note_proven
from kizuna.connectors.channels.rules import Accepted, Down, Verdict
from kizuna.errors import Conflict
from kizuna.words import Words


class TestFailed(Conflict):
    """The test message could not be sent; the words say why."""

    code = "channel_test_failed"


def told(*, channel: str, verdict: Verdict, taken: Words, declined: Words) -> Words:
    """``taken`` when the provider has the test; the channel is then held back no longer.

    Raises: TestFailed with what ails the channel, or with ``declined``, whose «{why}» is what the provider said.
    """
    if isinstance(verdict, Accepted):
        note_proven(channel=channel)
        return taken
    if isinstance(verdict, Down):
        raise TestFailed(verdict.words)
    raise TestFailed(declined.fill(why=getattr(verdict, "why", "")))
