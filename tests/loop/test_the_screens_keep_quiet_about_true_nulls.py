"""The true nulls of docs/demo.md: differences are shown, as any two samples differ, and none is coloured."""

import pytest

from kizuna.cli.demo.company import CARRIERS
from tests.loop.conftest import Company


def _overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return one["low"] <= other["high"] and other["low"] <= one["high"]


def test_two_stores_that_serve_alike_do_not_stand_apart(company: Company) -> None:
    nps = company.measure("nps", "store", touchpoint="store")
    assert _overlap(nps[("jiyugaoka",)], nps[("kyoto",)])


def test_two_carriers_that_are_alike_do_not_stand_apart(company: Company) -> None:
    kept = company.measure("delivery_promise_kept", "carrier")
    assert _overlap(kept[(CARRIERS[0].name,)], kept[(CARRIERS[1].name,)])


@pytest.mark.parametrize("months", [1, 3, 6])
@pytest.mark.parametrize("metric", ["nps", "csat"])
def test_a_touchpoint_that_did_not_change_is_not_coloured(company: Company, metric: str, months: int) -> None:
    found = company.changes(metric, "touchpoint", months=months)
    assert not found[("site",)]["real"]


def test_carriers_that_stayed_as_they_were_are_not_coloured(company: Company) -> None:
    found = company.changes("delivery_promise_kept", "carrier", months=3)
    assert not any(change["real"] for change in found.values())


def test_the_other_teaware_is_not_coloured(company: Company) -> None:
    for months in (3, 6):
        found = company.changes("low_review_share", "product", months=months, category="急須・湯のみ")
        assert {product for (product,), change in found.items() if change["real"]} <= {"KT-401"}
