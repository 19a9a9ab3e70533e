from dataclasses import replace
from datetime import date

from kizuna.prove.goals.rules import FanMonth, Known, Letter, Outlook, letters
from kizuna.prove.goals.tests.world import DUE, goal, month
from kizuna.stats.estimate import NotEnough

FAN = FanMonth(month=DUE, value=22.0, inner=(15.0, 30.0), outer=(10.0, 45.0))
HEADING = Outlook(
    months=(),
    fan=(FAN,),
    word=None,
    chance=0.3,
    missing=None,
    latest=month(21.0),
    latest_month=date(2026, 6, 1),
    result=None,
)
SOUND = Known(
    draft=goal(owner_id=1),
    subject="名古屋店のNPS",
    dims=("store", "touchpoint"),
    up=True,
    start=month(20.0),
    outlook=HEADING,
    gain=0.0,
    owner="那須",
    owner_stores=("nagoya",),
    mature_days=0,
    today=date(2026, 7, 10),
    text=lambda value: f"{value:.0f}",
    apart=lambda value: f"{value:.1f}",
)


def letter(name: str, known: Known) -> Letter:
    return next(one for one in letters(known=known) if one.letter == name)


def aimed(**more: object) -> Known:
    return replace(SOUND, draft=goal(owner_id=1, **more))


def test_a_sound_goal_holds_in_every_letter() -> None:
    assert [(one.letter, one.holds) for one in letters(known=SOUND)] == [(name, True) for name in "SMART"]


def test_specific_wants_the_store_and_what_a_person_can_see() -> None:
    assert letter("S", aimed(store="")).holds is False
    assert letter("S", aimed(level="person", store="")).holds is False
    assert letter("S", aimed(level="company", store="")).holds is True


def test_measurable_wants_a_value_to_start_from() -> None:
    found = letter("M", replace(SOUND, start=NotEnough(reason="no_data", have=0, need=1)))
    assert found.holds is False
    assert "まだデータがありません" in found.words.ja


def test_achievable_is_neither_done_already_nor_out_of_reach() -> None:
    assert letter("A", aimed(target=18.0)).holds is False
    assert "区間に入って" in letter("A", aimed(target=21.0)).words.ja
    far = letter("A", aimed(target=60.0))
    assert far.holds is False
    assert "45" in far.words.ja
    assert letter("A", replace(aimed(target=60.0), gain=20.0)).holds is True
    assert letter("A", replace(SOUND, outlook=replace(HEADING, fan=()))).holds is None


def test_realistic_wants_somebody_who_can_act_and_a_reason() -> None:
    assert letter("R", replace(SOUND, owner="")).holds is False
    assert letter("R", replace(SOUND, owner_stores=("kyoto",))).holds is False
    assert letter("R", replace(SOUND, owner_stores=())).holds is True  # leaders belong to no store and act in all
    assert letter("R", aimed(why=" ")).holds is False


def test_time_bound_wants_enough_time_and_answers_to_tell() -> None:
    assert letter("T", aimed(due_month=date(2026, 7, 1))).holds is False
    # Two months known to ±2 (deviation 1.02 each) tell changes of (1.96 + 0.84)·√2·1.02 = 4.04 and more.
    close = letter("T", aimed(target=24.0))
    assert close.holds is False
    assert "この期間では達成を確かめられません" in close.words.ja
    assert "4.0" in close.words.ja
    assert letter("T", aimed(target=24.1)).holds is True
    late = letter("T", replace(SOUND, mature_days=90))
    assert "2027年4月1日" in late.words.ja
