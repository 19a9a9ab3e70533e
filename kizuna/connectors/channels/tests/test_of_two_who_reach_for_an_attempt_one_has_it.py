"""The row at the point of no return: either it was handed over, or it was taken back."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import claim, release_expired, uncertain
from kizuna.connectors.channels.models import Attempt
from kizuna.connectors.channels.operations import hand_over, settle_forgotten
from kizuna.connectors.channels.operations.attempts import note_declined
from kizuna.connectors.channels.tests.cast import NOON, make_person, make_templates, plan, states

LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def claimed(db: None) -> int:
    """A mail that a channel has claimed and not handed over."""
    make_templates()
    plan(person=make_person(), channel="mail")
    return claim(channel="mail", limit=1, lease_seconds=60, now=NOON)[0].message_id


def _hand_over(message_id: int) -> bool:
    return hand_over(channel="mail", message_id=message_id, attempt=1, reference="r", now=NOON)


def _clear_up() -> int:
    release_expired(now=LATER)
    return settle_forgotten(channel="mail", find=lambda _: None, now=LATER)


def test_what_was_never_handed_over_goes_again_and_the_slow_one_stays_silent(claimed: int) -> None:
    assert _clear_up() == 1
    assert states() == ["planned"]
    assert _hand_over(claimed) is False
    (again,) = claim(channel="mail", limit=1, lease_seconds=60, now=LATER)
    assert again.attempt == 2


def test_what_was_handed_over_is_not_taken_back(claimed: int) -> None:
    assert _hand_over(claimed) is True
    assert _clear_up() == 0
    assert states() == ["uncertain"]
    assert Attempt.objects.get().outcome == "handed_over"


def test_what_was_clearly_declined_and_then_forgotten_goes_again(claimed: int) -> None:
    assert _hand_over(claimed) is True
    note_declined(message_id=claimed, attempt=1)
    assert _clear_up() == 1
    assert states() == ["planned"]
    assert _hand_over(claimed) is False


def test_a_declined_attempt_may_be_made_anew(claimed: int) -> None:
    assert _hand_over(claimed) is True
    note_declined(message_id=claimed, attempt=1)
    assert _hand_over(claimed) is True
    assert _clear_up() == 0


def test_the_provider_is_asked_every_minute_for_an_hour_and_then_no_more(claimed: int) -> None:
    _hand_over(claimed)
    uncertain(message_id=claimed, why="", now=NOON)
    asked = []

    def find(doubt: object) -> None:
        asked.append(doubt)

    for seconds in range(0, 3 * 3600, 20):
        settle_forgotten(channel="mail", find=find, now=NOON + timedelta(seconds=seconds))
    assert 55 <= len(asked) <= 62
    assert Message.objects.get().state == "uncertain"
