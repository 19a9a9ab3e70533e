"""景品表示法: the class of a reward and the most it may be worth. Have counsel confirm it.

``RULE_VERSION`` names this reading of the law.

* 総付景品 (a gift to everyone who buys): up to 200 yen when the transaction is under 1,000 yen, else a fifth of it.
* 一般懸賞 (a draw): the highest prize up to 20 times a transaction under 5,000 yen, else 100,000 yen; all prizes
  together up to 2 % of the planned sales.
* A discount on one's own goods, this time or next, is no premium (値引); it is shown as such.

Where any purchase will do, the transaction counts as the shop's lowest usual price, or as 100 yen when that is not
known.
"""

from dataclasses import dataclass
from typing import Final, Literal

from kizuna.words import Words

RULE_VERSION: Final = "2026-11"
RewardClass = Literal["discount", "all_buyers", "lottery"]
CLASSES: dict[str, Words] = {
    "discount": Words(ja="値引（景品類に当たりません）", en="Discount (not a premium)"),
    "all_buyers": Words(ja="総付景品", en="Premium to all buyers"),
    "lottery": Words(ja="一般懸賞", en="Draw (general lottery)"),
}
UNKNOWN_TRANSACTION_YEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the law asks about a reward. ``value_yen`` is the gift's or the highest prize's usual price."""

    kind: str
    value_yen: int
    min_spend_yen: int
    lowest_price_yen: int | None
    prize_total_yen: int | None
    planned_sales_yen: int | None
    occasion: str
    depends_on_score: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether it may be published, why, and the number that decided."""

    allowed: bool
    reward_class: RewardClass
    reason: Words
    cap_yen: int | None = None


def reward_class(*, kind: str) -> RewardClass:
    """The class a kind of offer falls into."""
    if kind == "gift":
        return "all_buyers"
    return "lottery" if kind == "lottery" else "discount"


def transaction_yen(*, min_spend_yen: int, lowest_price_yen: int | None) -> int:
    """What the transaction counts as."""
    return min_spend_yen or lowest_price_yen or UNKNOWN_TRANSACTION_YEN


def gift_cap(*, transaction: int) -> int:
    """The most a gift to all buyers may be worth."""
    return 200 if transaction < 1000 else transaction // 5


def prize_cap(*, transaction: int) -> int:
    """The most a single prize may be worth."""
    return 20 * transaction if transaction < 5000 else 100_000


def prizes_cap(*, planned_sales: int) -> int:
    """The most all prizes together may be worth."""
    return planned_sales // 50


def judge(*, claim: Claim) -> Verdict:
    """Whether the reward keeps to the law as read by ``RULE_VERSION``."""
    kind_of_reward = reward_class(kind=claim.kind)
    if claim.occasion == "review" and claim.depends_on_score:
        return Verdict(allowed=False, reward_class=kind_of_reward, reason=_SCORE)
    if kind_of_reward == "discount":
        return Verdict(allowed=True, reward_class="discount", reason=_DISCOUNT)
    transaction = transaction_yen(min_spend_yen=claim.min_spend_yen, lowest_price_yen=claim.lowest_price_yen)
    if kind_of_reward == "all_buyers":
        cap = gift_cap(transaction=transaction)
        return _compare(claim=claim, reward="all_buyers", cap=cap, transaction=transaction)
    return _judge_lottery(claim=claim, transaction=transaction)


def _judge_lottery(*, claim: Claim, transaction: int) -> Verdict:
    single = _compare(claim=claim, reward="lottery", cap=prize_cap(transaction=transaction), transaction=transaction)
    if not single.allowed:
        return single
    if claim.prize_total_yen is None or claim.planned_sales_yen is None:
        return Verdict(allowed=False, reward_class="lottery", reason=_TOTALS_MISSING)
    cap = prizes_cap(planned_sales=claim.planned_sales_yen)
    reason = _TOTAL_OVER if claim.prize_total_yen > cap else _TOTAL_WITHIN
    return Verdict(
        allowed=claim.prize_total_yen <= cap,
        reward_class="lottery",
        reason=reason.fill(total=f"{claim.prize_total_yen:,}", cap=f"{cap:,}", sales=f"{claim.planned_sales_yen:,}"),
        cap_yen=cap,
    )


def _compare(*, claim: Claim, reward: Literal["all_buyers", "lottery"], cap: int, transaction: int) -> Verdict:
    over = claim.value_yen > cap
    reason = (
        (_GIFT_OVER if over else _GIFT_WITHIN) if reward == "all_buyers" else (_PRIZE_OVER if over else _PRIZE_WITHIN)
    )
    filled = reason.fill(value=f"{claim.value_yen:,}", cap=f"{cap:,}", transaction=f"{transaction:,}")
    return Verdict(allowed=not over, reward_class=reward, reason=filled, cap_yen=cap)


_DISCOUNT = Words(
    ja="自社の商品・サービスの値引です。景品類に当たらないため、景品表示法の上限はありません。",
    en="A discount on your own goods or services. It is not a premium, so the Premiums Act sets no cap.",
)
_SCORE = Words(
    ja="レビューの特典は、点数や内容によって渡すかどうかを変えられません（ステルスマーケティング規制）。",
    en="A reward for reviews may not depend on the score or on what is said (rules against stealth marketing).",
)
_GIFT_WITHIN = Words(
    ja="総付景品の上限{cap}円（取引の価額{transaction}円）に対し、景品は{value}円です。",
    en="The gift is worth {value} yen; the cap for all buyers is {cap} yen (transaction of {transaction} yen).",
)
_GIFT_OVER = Words(
    ja=(
        "景品{value}円は、総付景品の上限{cap}円を超えています（取引の価額{transaction}円）。"
        "景品を{cap}円以下にするか、最低購入額を上げてください。"
    ),
    en=(
        "A gift of {value} yen is over the cap of {cap} yen for all buyers (transaction of {transaction} yen)."
        " Choose a gift of at most {cap} yen or raise the least spend."
    ),
)
_PRIZE_WITHIN = Words(
    ja="一般懸賞の上限{cap}円（取引の価額{transaction}円）に対し、最高の賞は{value}円です。",
    en="The highest prize is {value} yen; the cap is {cap} yen (transaction of {transaction} yen).",
)
_PRIZE_OVER = Words(
    ja=(
        "最高の賞{value}円は、一般懸賞の上限{cap}円を超えています（取引の価額{transaction}円）。"
        "賞を{cap}円以下にしてください。"
    ),
    en=(
        "A highest prize of {value} yen is over the cap of {cap} yen for a draw (transaction of {transaction} yen)."
        " Choose prizes of at most {cap} yen."
    ),
)
_TOTALS_MISSING = Words(
    ja="懸賞の公開には、賞の総額と、期間中の売上予定総額が必要です。",
    en="To publish a draw, give the total of all prizes and the planned sales of its period.",
)
_TOTAL_WITHIN = Words(
    ja="賞の総額{total}円は、売上予定総額{sales}円の2%（{cap}円）以内です。",
    en="All prizes together, {total} yen, are within 2% ({cap} yen) of the planned sales of {sales} yen.",
)
_TOTAL_OVER = Words(
    ja="賞の総額{total}円は、売上予定総額{sales}円の2%（{cap}円）を超えています。",
    en="All prizes together, {total} yen, are over 2% ({cap} yen) of the planned sales of {sales} yen.",
)
