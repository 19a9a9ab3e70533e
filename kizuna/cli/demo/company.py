"""The invented company: its places, carriers, goods and staff, and the truths that are planted in its data.

Everything here is fiction. Carriers are invented because one of them breaks its promises.
``docs/demo.md`` lists the truths in words; a test compares that page with the numbers here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import yaml

from kizuna.cli.demo.lots import PRACTICE_MONTHS, PRACTICES, Planted
from kizuna.clock import JST
from kizuna.customers.staff.rules import DEMO_LOGIN
from kizuna.words import Words

COMPANY = Words(ja="ゆのは商店", en="Yunoha Shoten")
ADDRESS = "〒000-0000 架空県架空市湯の端 1-2-3"
"""Advertising must name one; there is no such place."""
LOGIN = DEMO_LOGIN
MONTHS = 24
CUSTOMERS = 20_000
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shop, the web shop or the shop in a marketplace; ``source`` is the system its sales come from."""

    code: str
    name: str
    kind: str
    source: str
    channel: str
    share: float


PLACES = (
    Place(code="web", name="ゆのはオンライン", kind="web", source="shopify", channel="web", share=0.46),
    Place(code="rakuten", name="ゆのは 楽天市場店", kind="web", source="rakuten", channel="mall", share=0.09),
    Place(code="jiyugaoka", name="自由が丘店", kind="shop", source="smaregi", channel="store", share=0.16),
    Place(code="kyoto", name="京都店", kind="shop", source="smaregi", channel="store", share=0.15),
    Place(code="nagoya", name="名古屋店", kind="shop", source="smaregi", channel="store", share=0.14),
)
SHOPS = tuple(place for place in PLACES if place.kind == "shop")
PLACE = {place.code: place for place in PLACES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A parcel service with the share of parcels it is given and the share it delivers late."""

    name: str
    share: float
    late_share: float


CARRIERS = (
    Carrier(name="みどり便", share=0.42, late_share=0.04),
    Carrier(name="あおぞら運輸", share=0.34, late_share=0.04),
    Carrier(name="つばめ急配", share=0.24, late_share=0.22),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on the shelf; ``pull`` is how often it is picked among its category."""

    sku: str
    name: str
    category: str
    brand: str
    price_yen: int
    pull: float


def _shelf() -> Iterator[tuple[str, float, list[Item]]]:
    said = yaml.safe_load((Path(__file__).parent / "goods.yaml").read_text(encoding="utf-8"))
    for category, goods in said.items():
        items = [
            Item(sku=sku, name=name, category=category, brand=brand, price_yen=price, pull=float(pull))
            for sku, name, brand, price, pull in goods["items"]
        ]
        yield category, float(goods["share"]), items


_SHELF = tuple(_shelf())
ITEMS = tuple(item for _, _, items in _SHELF for item in items)
ITEM = {item.sku: item for item in ITEMS}
CATEGORIES = {category: share for category, share, _ in _SHELF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truths:
    """What is planted, in the unit it is measured in. A second instance with other numbers is a company without it."""

    fallen_store: str = "nagoya"
    store_fall_months: int = 3
    """The last so many months."""
    store_fall_nps: float = 26.0
    store_fall_csat: float = 0.16
    late_cost_nps: float = 40.0
    """A broken delivery promise, on the NPS asked about the delivery."""
    late_f2_factor: float = 0.62
    """F2 conversion after a late first delivery, as a multiple of that after a kept promise."""
    troubled_sku: str = "KT-401"
    trouble_months: int = 6
    trouble_low_review_share: tuple[float, ...] = (0.05, 0.10, 0.16, 0.34, 0.46, 0.52)
    """Added share of 1–2 star reviews, month by month of the trouble."""
    trouble_refund_rate: tuple[float, ...] = (0.01, 0.02, 0.04, 0.10, 0.14, 0.18)
    """Added share of refunded orders that hold the troubled product."""
    repeat_nps: float = 16.0
    """How much better customers with two or more kept orders score us than new ones."""
    checkout_months: int = 1
    checkout_ces: float = 0.16
    """The new checkout of the last month: added share of «easy» answers (5–7 of 7)."""
    practices: tuple[Planted, ...] = PRACTICES


NOTHING_PLANTED = Truths(
    store_fall_nps=0,
    store_fall_csat=0,
    late_cost_nps=0,
    late_f2_factor=1,
    trouble_low_review_share=(0.0,) * 6,
    trouble_refund_rate=(0.0,) * 6,
    repeat_nps=0,
    checkout_ces=0,
    practices=tuple(replace(planted, nps=0, brought_back_share=0) for planted in PRACTICES),
)


def month_start(*, first: date, index: int) -> date:
    """The first day of the ``index``-th month after ``first``."""
    months = first.year * 12 + first.month - 1 + index
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One company to make: size, seed, the day it is made on, and what is planted."""

    today: date
    seed: int = SEED
    customers: int = CUSTOMERS
    truths: Truths = field(default_factory=Truths)
    people: Mapping[int, int] = field(default_factory=dict)
    """The id in the product of each customer, by number: whose lots are drawn. An empty home counts from 1."""

    def unit_of(self, *, number: int) -> int:
        """Who draws the lots for this customer."""
        return self.people.get(number, number + 1)

    @property
    def last_day(self) -> date:
        """The day after the last complete month (exclusive end of everything that the truths speak of)."""
        return self.today.replace(day=1)

    @property
    def first_day(self) -> date:
        return month_start(first=self.last_day, index=-MONTHS)

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days

    @property
    def running_days(self) -> int:
        """The days of the month that is not over yet, up to the day before the making."""
        return (self.today - self.last_day).days

    @property
    def start(self) -> datetime:
        """Midnight JST at the beginning of the first month."""
        return datetime.combine(self.first_day, time(), JST)

    @property
    def end(self) -> datetime:
        """Midnight JST after the last day."""
        return datetime.combine(self.last_day, time(), JST)

    @property
    def practices_since(self) -> datetime:
        """When the practices were started."""
        return datetime.combine(self.month(index=MONTHS - PRACTICE_MONTHS), time(), JST)

    @property
    def horizon(self) -> datetime:
        """Nothing later than the morning of the day of making is known yet."""
        return datetime.combine(self.today, time(), JST)

    def dice(self, *, subject: str) -> Random:
        """The throws for one subject, so that a change to one does not reshuffle the others."""
        return Random(f"{self.seed}:{subject}")  # noqa: S311 an invented company holds no secrets

    def month_index(self, *, day: float) -> int:
        """Which month (0 … 23; beyond it the next) a day number since the start falls in."""
        date_ = self.first_day + timedelta(days=int(day))
        return (date_.year - self.first_day.year) * 12 + date_.month - self.first_day.month

    def months_in(self, *, months: int, day: float) -> int | None:
        """How far into the last ``months`` months a day lies (0 = their first); None before them.

        What began in them goes on in the month that is not over yet.
        """
        into = self.month_index(day=day) - (MONTHS - months)
        return min(into, months - 1) if into >= 0 else None

    def month(self, *, index: int) -> date:
        return month_start(first=self.first_day, index=index)


STAFF: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (LOGIN, "湯浅 葉子", "owner", ()),
    ("manager@yunoha.example.jp", "真野 さくら", "manager", ()),
    ("agent@yunoha.example.jp", "相田 健", "agent", ()),
    ("nagoya@yunoha.example.jp", "那須 恵", "store_staff", ("nagoya",)),
    ("kyoto@yunoha.example.jp", "京極 直人", "store_staff", ("kyoto",)),
    ("analyst@yunoha.example.jp", "穴吹 美咲", "analyst", ()),
)
"""Login, name, role, stores."""
