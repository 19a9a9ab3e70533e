from pathlib import Path

from kizuna.act.practices.rules.shelf import ready
from kizuna.cli.demo.company import CARRIERS, ITEM, PLACE, Truths
from kizuna.cli.demo.gifts import GIVEN
from kizuna.cli.demo.lots import PRACTICES

PAGE = Path(__file__).resolve().parents[4] / "docs" / "demo.md"


def _row(start: str) -> str:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {start}")]
    assert len(lines) == 1, start
    return lines[0]


def test_the_table_of_truths_has_the_numbers_of_the_code() -> None:
    truths = Truths()
    fall = _row("The service of one store falls")
    assert PLACE[truths.fallen_store].name in fall
    assert f"month −{truths.store_fall_months}" in fall
    assert f"−{truths.store_fall_nps:g} points" in fall
    assert f"−{truths.store_fall_csat:g}" in fall

    worst = max(CARRIERS, key=lambda carrier: carrier.late_share)
    rest = {carrier.late_share for carrier in CARRIERS if carrier is not worst}
    carrier = _row("One carrier breaks its promises")
    assert worst.name in carrier
    assert f"{worst.late_share:.0%}".replace("%", " %") in carrier
    assert len(rest) == 1
    assert f"{rest.pop():.0%}".replace("%", " %") in carrier

    assert f"−{truths.late_cost_nps:g} points" in _row("A late delivery costs recommendation")
    assert f"{truths.late_f2_factor:g} times" in _row("A late first delivery loses people")
    assert f"+{truths.repeat_nps:g} points" in _row("Regulars like us better")
    assert f"+{truths.checkout_ces:g}" in _row("The new checkout is easier")

    trouble = _row("The complaints about one product rise")
    assert truths.troubled_sku in trouble
    assert ITEM[truths.troubled_sku].name in trouble
    assert f"month −{truths.trouble_months}" in trouble
    for shares in (truths.trouble_low_review_share, truths.trouble_refund_rate):
        assert ", ".join(f"+{share:.2f}" for share in shares) in trouble


def test_the_table_of_practices_has_the_effects_of_the_code() -> None:
    for planted in PRACTICES:
        row = _row(f"`{planted.name}` {ready(name=planted.name).title.ja}")
        if planted.nps:
            assert f"{planted.nps:+g} points".replace("-", "−") in row
        if planted.brought_back_share:
            assert f"brings back {planted.brought_back_share:g} of" in row
        assert ("nothing" in row) == (not planted.nps and not planted.brought_back_share)
        assert ("new customers" in row) == planted.only_new
        assert ("agreed to mail" in row) == planted.consented


def test_the_table_of_coupons_has_the_terms_of_the_code_and_of_the_shelf() -> None:
    # The nudge on the shelf gives no coupon; the one of the demo does.
    assert {name: len(ready(name=name).offers) for name in GIVEN} == {"birthday_perk": 1, "second_purchase_nudge": 0}
    for practice, given in GIVEN.items():
        row = _row(f"`{given.offer}`")
        assert f"`{practice}`" in row
        assert f"¥{given.value_yen} off from ¥{given.min_spend_yen:,}, {given.valid_days} days" in row
        assert ("half" if given.used_share == 0.5 else f"{given.used_share:g}") in row
        for offer in ready(name=practice).offers:
            assert (given.offer, given.value_yen) == (offer.name, offer.terms["value"])
            assert (given.min_spend_yen, given.valid_days) == (
                offer.terms["min_spend_yen"],
                offer.terms["valid_days"],
            )
