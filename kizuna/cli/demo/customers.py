"""Who the company's customers are: identities in up to two systems, and how they tend to buy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from kizuna.cli.demo import names
from kizuna.cli.demo.calendar import Calendar
from kizuna.cli.demo.company import CATEGORIES, PLACES, SHOPS, Place, Plan
from kizuna.customers.people.rules import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One invented human. ``home`` is where they first bought, ``other`` where else they buy (empty: nowhere)."""

    number: int
    home: Place
    other: Place | None
    guest: bool
    """Buys on the web without an account: known by mail alone."""
    family: names.Name
    given: names.Name
    woman: bool
    born: date
    mail: str
    pos_mail: bool
    phone: str
    address: tuple[str, str, str, str]
    first_day: float
    rate: float
    """Purchases per unit of season-adjusted time while alive."""
    dropout: float
    spend: float
    favourite: str
    mood: float
    """How much kinder (in points of NPS / 100) than the average this person answers."""
    opted_in: bool

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.home, self.other) if self.other else (self.home,)


def make_customers(*, plan: Plan, calendar: Calendar) -> list[Customer]:
    """The customers in the order of their first purchase."""
    dice = plan.dice(subject="customers")
    first_days = sorted(calendar.first_purchase_day(dice=dice) for _ in range(plan.customers))
    phones: list[str] = []
    made = []
    for number, first_day in enumerate(first_days):
        customer = _one(number=number, first_day=first_day, phones=phones, dice=dice)
        phones.append(customer.phone)
        made.append(customer)
    return made


def make_newcomers(*, plan: Plan, calendar: Calendar) -> list[Customer]:
    """Who comes for the first time in the month that is not over yet, numbered after all others."""
    running = Calendar(plan=plan, running=True)
    if not running.days:
        return []
    dice = plan.dice(subject="newcomers")
    count = round(plan.customers * running.new_customers / calendar.new_customers)
    first_days = sorted(plan.days + running.first_purchase_day(dice=dice) for _ in range(count))
    return [
        _one(number=plan.customers + place, first_day=day, phones=(), dice=dice) for place, day in enumerate(first_days)
    ]


def _one(*, number: int, first_day: float, phones: Sequence[str], dice: Random) -> Customer:
    home = dice.choices(PLACES, weights=[place.share for place in PLACES])[0]
    woman = dice.random() < 0.68
    family, given = dice.choice(names.book().family), dice.choice(names.book().women if woman else names.book().men)
    guest = home.code == "web" and dice.random() < 0.25
    pos_mail = home.kind == "web" or dice.random() < 0.8
    # A family's members often give one telephone number: a weak key that must not merge them.
    shared = phones and dice.random() < 0.04
    in_shop = home.kind == "shop"
    return Customer(
        number=number,
        home=home,
        other=_other(home=home, guest=guest, pos_mail=pos_mail, dice=dice),
        guest=guest,
        family=family,
        given=given,
        woman=woman,
        born=date(dice.choice(range(1948, 2005)), dice.randint(1, 12), dice.randint(1, 28)),
        mail=names.mail_of(family=family, given=given, number=number, dice=dice),
        pos_mail=pos_mail,
        phone=dice.choice(phones[-400:]) if shared else names.phone_of(dice=dice),
        address=names.home_near(place=home.code, dice=dice),
        first_day=first_day,
        # Gamma purchase rates and beta drop-out: the BG/NBD picture of a shop's customers.
        rate=dice.gammavariate(0.62, 1 / 62) * (1.25 if in_shop else 1.0),
        dropout=dice.betavariate(0.7, 2.1),
        spend=dice.lognormvariate(-0.25, 0.75),
        favourite=dice.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0],
        mood=dice.gauss(0, 0.10),
        opted_in=dice.random() < 0.64,
    )


def _other(*, home: Place, guest: bool, pos_mail: bool, dice: Random) -> Place | None:
    if home.code == "web" and not guest and dice.random() < 0.22:
        return dice.choice(SHOPS)
    if home.kind == "shop" and pos_mail and dice.random() < 0.30:
        return PLACES[0]
    return None


def account_of(*, customer: Customer, place: Place) -> str:
    """The customer's id in the system that sells at ``place``; empty for a guest."""
    if place.source == "shopify":
        return "" if customer.guest else f"{7_100_000_000 + customer.number * 37}"
    if place.source == "smaregi":
        return f"{100_000 + customer.number}"
    return ""


def card_of(*, customer: Customer) -> str:
    """The number on the customer's point card."""
    return f"2{customer.number:07d}{(customer.number * 7 + 3) % 10}"


def mail_at(*, customer: Customer, place: Place) -> str:
    """The mail address this system holds: the till writes it in capitals now and then, a marketplace masks it.

    The masked ones lie below a marketplace's relay domain, in a subdomain that does not exist.
    """
    if place.source == "rakuten":
        return f"{customer.number:06x}@yunoha-demo.fw.rakuten.ne.jp"
    if place.source == "smaregi":
        if not customer.pos_mail:
            return ""
        return customer.mail.upper() if customer.number % 11 == 0 else customer.mail
    return customer.mail


def buyer(*, customer: Customer, place: Place, at: datetime) -> Sighting:
    """The customer as an order of this place names them: a till gives the member's number, a web shop the mail."""
    if place.source == "smaregi":
        return Sighting(
            source=place.source,
            observed_at=at,
            account_id=account_of(customer=customer, place=place),
            card_no=card_of(customer=customer),
        )
    return Sighting(
        source=place.source,
        observed_at=at,
        account_id=account_of(customer=customer, place=place),
        email=mail_at(customer=customer, place=place),
        display_name=f"{customer.family.written} {customer.given.written}" if place.source == "shopify" else "",
        family_name=customer.family.written if place.source == "rakuten" else "",
        given_name=customer.given.written if place.source == "rakuten" else "",
    )


def member(*, customer: Customer, place: Place, at: datetime) -> Sighting:
    """The customer as the member list of this place's system describes them."""
    postcode, prefecture, city, street = customer.address
    at_till = place.source == "smaregi"
    digits_only = at_till and customer.number % 3 == 0
    return Sighting(
        source=place.source,
        observed_at=at,
        account_id=account_of(customer=customer, place=place),
        card_no=card_of(customer=customer) if at_till else "",
        email=mail_at(customer=customer, place=place),
        phone=customer.phone.replace("-", "") if digits_only else customer.phone,
        display_name="" if at_till else f"{customer.family.written} {customer.given.written}",
        family_name=customer.family.written if at_till else "",
        given_name=customer.given.written if at_till else "",
        family_kana=customer.family.kana if at_till else "",
        given_kana=customer.given.kana if at_till else "",
        postcode=postcode,
        prefecture=prefecture,
        city=city,
        address=street,
        sex=("female" if customer.woman else "male") if at_till else "",
        birth_date=customer.born if at_till else None,
        accepts_mail=customer.opted_in,
    )
