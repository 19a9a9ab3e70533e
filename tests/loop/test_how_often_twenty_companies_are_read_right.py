"""Twenty other companies of 20,000 customers: how often the screens find what is planted, and cry wolf.

The figures of the last run stand in docs/demo.md.
"""

import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kizuna.cli.demo.company import CARRIERS, CUSTOMERS
from tests.loop.conftest import Company, load

SEEDS = range(1, 21)
RIGHT = 19
"""Of twenty: 95 %."""
LEAST = {
    **dict.fromkeys(("thank-you", "nudge", "month", "week", "ranked"), RIGHT),
    **dict.fromkeys(("store NPS", "store CSAT", "carrier", "cost of lateness"), RIGHT),
    **dict.fromkeys(("low reviews", "refunds", "regulars"), RIGHT),
    "checkout": 14,
    "only new": 13,
}
"""One month of a new checkout, and how one practice differs between customers, are seen in most companies only."""
MOST_FALSE = 2
"""Of eighty: true nulls (the perk on everything, and what the others do not touch) that get a word."""
MOST_COLOURED = 0.005
"""Of the changes where nothing is planted; each was tested at 5 % with all that stand beside it."""
NULLS = (
    ("birthday_perk", "says"),
    ("birthday_perk", "returns"),
    ("thank_you_after_delivery", "returns"),
    ("follow_up_1_week", "returns"),
)


def _cell(rows: list[dict[str, Any]], practice: str, column: str) -> dict[str, Any]:
    cells: dict[str, dict[str, Any]] = next(row for row in rows if row["practice"] == practice)["cells"]
    return cells.get(column, {"verdict": "unclear"})


def _effects(company: Company) -> tuple[dict[str, bool], int]:
    """Which effects the league table tells, and how many nulls it gives a word to."""
    says, returns = company.league("says"), company.league("returns")
    found = {
        "thank-you": _cell(says, "thank_you_after_delivery", "says")["verdict"] == "works",
        "week": _cell(says, "follow_up_1_week", "says")["verdict"] == "harms",
        "nudge": _cell(returns, "second_purchase_nudge", "returns")["verdict"] == "works",
        "month": _cell(returns, "follow_up_1_month", "returns")["verdict"] == "works",
        "only new": "segment" in _cell(returns, "follow_up_1_month", "returns").get("differs", ()),
        "ranked": says[0]["practice"] == "thank_you_after_delivery"
        and {row["practice"] for row in returns[:2]} == {"second_purchase_nudge", "follow_up_1_month"},
    }
    return found, sum(_cell(says, *null)["verdict"] != "unclear" for null in NULLS)


def _apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["high"] < other["low"] or other["high"] < one["low"])


def _truths(company: Company) -> tuple[dict[str, bool], int, int]:
    """Which truths are found; how many changes without a truth were coloured, of how many."""
    truths = company.plan.truths
    planted = {
        "store NPS": (("nps", "store"), 3, (truths.fallen_store,), {"touchpoint": "store"}),
        "store CSAT": (("csat", "store"), 3, (truths.fallen_store,), {"touchpoint": "store"}),
        "low reviews": (("low_review_share", "product"), 6, (truths.troubled_sku,), {}),
        "refunds": (("product_refund_rate", "product"), 3, (truths.troubled_sku,), {}),
        "checkout": (("ces", "touchpoint"), 1, ("purchase",), {}),
    }
    found, coloured, shown = {}, 0, 0
    for name, (dims, months, key, where) in planted.items():
        changes = company.changes(*dims, months=months, **where)
        found[name] = bool(key in changes and changes[key]["real"])
        quiet = [change for group, change in changes.items() if group != key and change["p_adjusted"] is not None]
        coloured += sum(change["real"] for change in quiet)
        shown += len(quiet)
    kept = company.measure("delivery_promise_kept", "carrier")
    found["carrier"] = all(_apart(kept[(CARRIERS[2].name,)], kept[(other.name,)]) for other in CARRIERS[:2])
    promise = company.measure("nps", "promise", touchpoint="delivery")
    found["cost of lateness"] = _apart(promise[("kept",)], promise[("broken",)])
    segment = company.measure("nps", "segment")
    found["regulars"] = _apart(segment[("new",)], segment[("repeat",)])
    return found, coloured, shown


@pytest.mark.slow
def test_truths_and_effects_are_told_and_ranked_right_in_nearly_every_company(tmp_path: Path) -> None:
    times: Counter[str] = Counter()
    false = coloured = shown = 0
    for seed in SEEDS:
        home = tmp_path / f"seed-{seed}"
        with Company(home=home, plan=load(home=home, seed=seed, customers=CUSTOMERS)) as company:
            effects, told = _effects(company)
            truths, more_coloured, more_shown = _truths(company)
        times.update(name for name, yes in {**effects, **truths}.items() if yes)
        false, coloured, shown = false + told, coloured + more_coloured, shown + more_shown
        shutil.rmtree(home)
        if report := os.environ.get("KIZUNA_TWENTY_REPORT"):
            counted = {"seeds": seed, "found": times, "false": false, "coloured": coloured, "shown": shown}
            Path(report).write_text(json.dumps(counted), encoding="utf-8")
    assert {name: times[name] for name, least in LEAST.items() if times[name] < least} == {}
    assert false <= MOST_FALSE
    assert coloured <= MOST_COLOURED * shown
