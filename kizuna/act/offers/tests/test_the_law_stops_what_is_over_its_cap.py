from datetime import timedelta

import pytest
from django.utils import translation

from kizuna.act.offers.models import Decision, Offer
from kizuna.act.offers.operations import create_offer, issue_coupons, publish_offer
from kizuna.act.offers.queries import decisions
from kizuna.act.offers.rules import RULE_VERSION, Claim, CouponRequest, Terms, judge
from kizuna.act.offers.rules.law import score_refusal
from kizuna.act.offers.rules.refusals import NotADraft, OfferIncomplete, OfferNotOpen, PremiumOverCap
from kizuna.act.offers.tests.conftest import NOW
from kizuna.words import Words


def claim(kind: str, value: int, **given: object) -> Claim:
    base: dict[str, object] = {
        "min_spend_yen": 0,
        "lowest_price_yen": None,
        "prize_total_yen": None,
        "planned_sales_yen": None,
        "occasion": "purchase",
        "depends_on_score": False,
    }
    return Claim(kind=kind, value_yen=value, **(base | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "spend", "allowed", "cap"),
    [(200, 999, True, 200), (201, 999, False, 200), (200, 1000, True, 200), (201, 1000, False, 200),
     (300, 1500, True, 300), (301, 1500, False, 300), (301, 1509, True, 301),
     (200, 0, True, 200), (201, 0, False, 200)],
)  # fmt: skip
def test_a_gift_to_all_buyers(value: int, spend: int, allowed: bool, cap: int) -> None:
    verdict = judge(claim=claim("gift", value, min_spend_yen=spend))
    assert (verdict.allowed, verdict.cap_yen, verdict.reward_class) == (allowed, cap, "all_buyers")
    assert f"{cap:,}円" in verdict.reason.ja
    assert f"{value:,} yen" in verdict.reason.en


@pytest.mark.parametrize(
    ("value", "spend", "allowed", "cap"),
    [(99_980, 4999, True, 99_980), (99_981, 4999, False, 99_980), (100_000, 5000, True, 100_000),
     (100_001, 5000, False, 100_000), (100_000, 900_000, True, 100_000), (2001, 0, False, 2000)],
)  # fmt: skip
def test_the_highest_prize_of_a_draw(value: int, spend: int, allowed: bool, cap: int) -> None:
    totals = {"prize_total_yen": value, "planned_sales_yen": 1_000_000_000}
    verdict = judge(claim=claim("lottery", value, min_spend_yen=spend, **totals))
    assert verdict.allowed is allowed
    if not allowed:
        assert verdict.cap_yen == cap


def test_all_prizes_together_stay_within_two_percent_of_planned_sales() -> None:
    within = claim("lottery", 5000, min_spend_yen=3000, prize_total_yen=20_000, planned_sales_yen=1_000_000)
    over = claim("lottery", 5000, min_spend_yen=3000, prize_total_yen=20_001, planned_sales_yen=1_000_000)
    unknown = claim("lottery", 5000, min_spend_yen=3000)
    assert judge(claim=within).allowed
    assert (judge(claim=over).allowed, judge(claim=over).cap_yen) == (False, 20_000)
    assert not judge(claim=unknown).allowed


@pytest.mark.parametrize("kind", ["amount", "percent", "free_shipping", "bundle"])
def test_a_discount_is_no_premium_and_is_shown_as_such(kind: str) -> None:
    verdict = judge(claim=claim(kind, 50_000 if kind != "percent" else 90))
    assert (verdict.allowed, verdict.reward_class, verdict.cap_yen) == (True, "discount", None)
    assert "値引" in verdict.reason.ja


def test_a_reward_for_reviews_never_looks_at_the_score() -> None:
    assert not judge(claim=claim("amount", 500, occasion="review", depends_on_score=True)).allowed
    assert judge(claim=claim("amount", 500, occasion="survey", depends_on_score=True)).allowed
    terms = Terms(name="r", title=Words(ja="あ", en="a"), kind="amount", value=500, occasion="review")
    assert score_refusal(terms=terms, on_review=False, score_min=4, score_max=None) is not None
    assert score_refusal(terms=terms, on_review=True, score_min=None, score_max=None) is None


@pytest.mark.django_db
def test_the_decision_is_kept_whether_it_was_yes_or_no() -> None:
    terms = Terms(
        name="tea", title=Words(ja="煎茶", en="Tea"), kind="gift", value=450, min_spend_yen=1500, valid_days=30
    )
    offer_id = create_offer(terms=terms, prefix="", actor="user:1", now=NOW)
    with pytest.raises(PremiumOverCap) as refused:
        publish_offer(offer_id=offer_id, actor="user:1", now=NOW)
    assert refused.value.cap_yen == 300
    with translation.override("ja"):
        assert "300円" in str(refused.value.words)
    assert Offer.objects.get().state == "draft"
    assert issue_coupons(offer="tea", requests=[CouponRequest(person_id=None, key="k")], now=NOW)[0].code == (
        OfferNotOpen.code
    )
    Offer.objects.update(value=300)
    publish_offer(offer_id=offer_id, actor="user:2", now=NOW + timedelta(hours=1))
    kept = decisions(offer_id=offer_id)
    assert [(one.allowed, one.actor, one.cap_yen) for one in kept] == [(True, "user:2", 300), (False, "user:1", 300)]
    assert {one.rule_version for one in kept} == {RULE_VERSION}
    assert Decision.objects.earliest("pk").inputs["value_yen"] == 450
    with pytest.raises(NotADraft):
        publish_offer(offer_id=offer_id, actor="user:2", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"valid_days": None}, {"kind": "percent", "value": 101}, {"kind": "bundle"}, {"value": 0}, {"total_limit": 0}],
)
def test_terms_that_make_no_sense_are_not_published(wrong: dict[str, object]) -> None:
    base = {"name": "x", "title": Words(ja="あ", en="a"), "kind": "amount", "value": 500, "valid_days": 30}
    offer_id = create_offer(terms=Terms(**(base | wrong)), prefix="", actor="user:1", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(OfferIncomplete):
        publish_offer(offer_id=offer_id, actor="user:1", now=NOW)
