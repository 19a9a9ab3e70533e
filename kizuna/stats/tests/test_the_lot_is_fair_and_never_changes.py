"""Assignment is a pure function of salt and person, fair over people and independent over salts."""

import pytest

from kizuna.stats.randomisation import arm_of, is_held_out, lot


def test_the_same_person_draws_the_same_lot_for_ever() -> None:
    # Written down once: were these to change, everybody's comparison group would be drawn anew.
    assert lot(salt="thank-you", purpose="hold-out", unit=42) == pytest.approx(0.8095203708306538, abs=1e-15)
    assert lot(salt="thank-you", purpose="arm", unit=42) == pytest.approx(0.601770916076808, abs=1e-15)


def test_the_hold_out_has_its_share_and_only_grows_with_it() -> None:
    people = range(20_000)
    tenth = {one for one in people if is_held_out(salt="s", unit=one, share=0.1)}
    fifth = {one for one in people if is_held_out(salt="s", unit=one, share=0.2)}
    assert 1_870 < len(tenth) < 2_130  # three standard errors
    assert tenth < fifth


def test_two_practices_draw_independently() -> None:
    people = range(20_000)
    first, second = ({one for one in people if is_held_out(salt=salt, unit=one, share=0.1)} for salt in ("s", "t"))
    both = len(first & second)
    assert 157 < both < 243


def test_arms_are_drawn_by_weight_apart_from_the_hold_out() -> None:
    arms = (("a", 1.0), ("b", 3.0))
    treated = [one for one in range(20_000) if not is_held_out(salt="s", unit=one, share=0.5)]
    share = sum(arm_of(salt="s", unit=one, arms=arms) == "a" for one in treated) / len(treated)
    assert 0.237 < share < 0.263


def test_arms_without_weight_are_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        arm_of(salt="s", unit=1, arms=(("a", 0.0),))
