"""What some customers got and others did not, without any lot: which groups can be told apart from the records.

Each group hangs on one order of every customer, the first of the period: it was discounted or not, its parcel was late
or not, a survey was answered in the thirty days after it or not. So everybody had the same chance to get it, and the
days in which the outcome is read begin at the same place for both groups.
"""

from dataclasses import dataclass

from kizuna.words import Words

LATE, DISCOUNT, SURVEY, OFFER = "late", "discount", "survey", "offer"
ANSWER_DAYS = 30
"""A survey counts as answered when the answer came in so many days after the order; the outcome is read after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``kind`` with its ``name`` (the survey's instrument, the offer). ``waits_days`` lie between order and outcome."""

    kind: str
    name: str = ""
    title: Words
    got: Words
    without: Words

    @property
    def slug(self) -> str:
        """How the group is named in an address and in a command."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def waits_days(self) -> int:
        """Days after the order in which it is decided who got it."""
        return ANSWER_DAYS if self.kind == SURVEY else 0


def late_group() -> Group:
    """Whose parcel arrived after its promise."""
    return Group(
        kind=LATE,
        title=Words(ja="荷物が約束より遅れて届いた", en="The parcel came later than promised"),
        got=Words(ja="遅れて届いたお客様", en="customers whose parcel came late"),
        without=Words(ja="約束どおり届いたお客様", en="customers whose parcel came as promised"),
    )


def discount_group() -> Group:
    """Whose order was discounted."""
    return Group(
        kind=DISCOUNT,
        title=Words(ja="割引やクーポンを使って注文した", en="Ordered with a discount or coupon"),
        got=Words(ja="割引を使ったお客様", en="customers who used a discount"),
        without=Words(ja="割引を使わなかったお客様", en="customers who used none"),
    )


def survey_group(*, instrument: str, title: Words) -> Group:
    """Who answered a survey after the order."""
    return Group(
        kind=SURVEY,
        name=instrument,
        title=Words(
            ja=f"注文から{ANSWER_DAYS}日以内に「{title.ja}」に答えた",
            en=f"Answered “{title.en}” within {ANSWER_DAYS} days of ordering",
        ),
        got=Words(ja="答えたお客様", en="customers who answered"),
        without=Words(ja="答えなかったお客様", en="customers who did not answer"),
    )


def offer_group(*, offer: str, title: Words) -> Group:
    """Who redeemed a coupon of one offer with the order."""
    return Group(
        kind=OFFER,
        name=offer,
        title=Words(ja=f"特典「{title.ja}」を使って注文した", en=f"Ordered with the offer “{title.en}”"),
        got=Words(ja="特典を使ったお客様", en="customers who used the offer"),
        without=Words(ja="特典を使わなかったお客様", en="customers who did not"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One thing known of a customer at the order, by which the groups are made alike or held against each other."""

    column: str
    title: Words
    unit: str
    decimals: int = 1


KNOWN: tuple[Known, ...] = (
    Known(column="orders_so_far", title=Words(ja="それまでの注文回数", en="Orders so far"), unit="count"),
    Known(
        column="first_order",
        title=Words(ja="初めての注文だった割合", en="Share for whom it was the first"),
        unit="share",
    ),
    Known(
        column="days_since_last",
        title=Words(ja="前の注文からの日数（2回目以降）", en="Days since the order before, if any"),
        unit="days",
    ),
    Known(column="spent_so_far", title=Words(ja="それまでの購入金額", en="Spent so far"), unit="yen", decimals=0),
    Known(column="this_order", title=Words(ja="その注文の金額", en="Amount of that order"), unit="yen", decimals=0),
    Known(
        column="answered_before",
        title=Words(ja="以前にアンケートに答えた割合", en="Share who had answered a survey before"),
        unit="share",
    ),
)

RUNGS: tuple[Words, ...] = (
    Words(
        ja="店舗・注文回数・前の注文からの日数・注文の金額・以前の回答の有無",
        en="store, orders so far, days since the last one, amount and whether they had answered before",
    ),
    Words(ja="店舗・注文回数・前の注文からの日数", en="store, orders so far and days since the last one"),
    Words(ja="店舗・注文回数", en="store and orders so far"),
    Words(ja="注文回数", en="orders so far"),
)
"""By what customers are put together with their like: the finest that leaves four fifths of them somebody alike."""
