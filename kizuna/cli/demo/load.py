"""Put the invented company into an empty home through the same operations that an import uses."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from kizuna.act.outreach.operations import describe_sender
from kizuna.cli.demo.aims import open_improvements, set_goals
from kizuna.cli.demo.calendar import Calendar
from kizuna.cli.demo.company import ADDRESS, COMPANY, LOGIN, MONTHS, PLACES, STAFF, Plan
from kizuna.cli.demo.customers import buyer, make_customers, make_newcomers
from kizuna.cli.demo.generate import Month, make_months
from kizuna.cli.demo.gifts import Gift
from kizuna.cli.demo.lots import Assigned
from kizuna.cli.demo.past import ACTOR, run_practices
from kizuna.customers.consent.operations import record_stated
from kizuna.customers.consent.rules import Proof
from kizuna.customers.notes.operations import take_note
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.people.operations import record_people, resolve_people
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role
from kizuna.customers.stores.operations import describe_store
from kizuna.errors import Invalid
from kizuna.facts.rows.rules import Outcome
from kizuna.listen.reviews.operations import record_reviews
from kizuna.listen.surveys.operations import ensure_standard_surveys, record_answers
from kizuna.understand.metrics.operations import catch_up
from kizuna.words import Words

Say = Callable[[Words], None]
_PROOF = {"shopify": "会員登録フォームのチェック欄", "smaregi": "店頭の入会申込書"}


class DemoRecordError(Exception):
    """The product refuses a record of the invented company: a defect of one of the two, never of the user."""


def load(*, plan: Plan, password: str, now: datetime, say: Say) -> None:
    """Load the whole company, oldest month first, up to the roll-ups that pages read.

    Every step is idempotent: after an interruption the same plan loaded again completes the company.
    Raises ``DemoRecordError``.
    """
    started = time.monotonic()
    _places_and_staff(password=password, now=now)
    plan = replace(plan, people=_people(plan=plan, now=now))
    authors = dict(User.objects.values_list("email", "id"))
    author = {"nagoya": authors["nagoya@yunoha.example.jp"], "kyoto": authors["kyoto@yunoha.example.jp"]}
    reached: list[Assigned] = []
    gifts: list[Gift] = []
    for done, month in enumerate(make_months(plan=plan, running=True), start=1):
        reached.extend(month.assigned)
        gifts.extend(month.gifts)
        _load_month(month=month, author=author, fallback=authors["manager@yunoha.example.jp"], now=now)
        say(
            Words(
                ja="{done:2}/{months} {month:%Y年%m月}: 注文{orders:,}件・回答{answers:,}件・レビュー{reviews:,}件",
                en="{done:2}/{months} {month:%Y-%m}: {orders:,} orders, {answers:,} answers, {reviews:,} reviews",
            ).fill(
                done=done,
                months=MONTHS + (plan.running_days > 0),
                month=month.first_day,
                orders=len(month.orders),
                answers=len(month.answers),
                reviews=len(month.reviews),
            )
        )
    run_practices(plan=plan, reached=reached, gifts=gifts, now=now)
    open_improvements(plan=plan)
    say(Words(ja="分析用のデータを作成しています…", en="Building the tables for analysis…"))
    catch_up(now=now)
    set_goals(now=now)
    seconds = round(time.monotonic() - started)
    say(Words(ja="完了しました（{seconds} 秒）。", en="Done ({seconds} s).").fill(seconds=seconds))


def _people(*, plan: Plan, now: datetime) -> dict[int, int]:
    """The customers' ids in the product by their numbers, asked before anything is sold: their lots hang on them."""
    calendar = Calendar(plan=plan)
    customers = [*make_customers(plan=plan, calendar=calendar), *make_newcomers(plan=plan, calendar=calendar)]
    first = [plan.start + timedelta(days=int(one.first_day)) for one in customers]
    sightings = [buyer(customer=one, place=one.home, at=at) for one, at in zip(customers, first, strict=True)]
    with transaction.atomic():
        ids = _known(ids=resolve_people(sightings=sightings, import_id=None, now=now))
    return {one.number: roots for one, roots in zip(customers, ids, strict=True)}


def _places_and_staff(*, password: str, now: datetime) -> None:
    with transaction.atomic():
        for place in PLACES:
            describe_store(code=place.code, name=place.name, kind=place.kind)
        ensure_standard_surveys(now=now)
        describe_sender(name=COMPANY.ja, address=ADDRESS, contact=LOGIN, actor=ACTOR, now=now)
        known = set(User.objects.values_list("email", flat=True))
        for email, name, role, stores in STAFF:
            if email not in known:
                create_user(
                    email=email, name=name, role=Role(role), password=password, stores=stores, actor=ACTOR, now=now
                )


def _load_month(*, month: Month, author: dict[str, int], fallback: int, now: datetime) -> None:
    """One month in one transaction, as one import of each of the shop's files would be."""
    with transaction.atomic():
        _accept(record_people(sightings=month.members, import_id=None, now=now))
        outcomes = record_orders(orders=month.orders, import_id=None, now=now, wake=False)
        _accept(outcomes)
        _accept(record_answers(answers=month.answers, import_id=None, now=now, wake=False))
        _accept(record_reviews(reviews=month.reviews, import_id=None, now=now, wake=False))
        if "created" in outcomes:  # else the month is here since before an interruption, and notes have no id to know
            _write_notes(month=month, author=author, fallback=fallback, now=now)
        _state_consents(month=month, now=now)


def _accept(outcomes: Sequence[Outcome]) -> None:
    refused = [outcome for outcome in outcomes if isinstance(outcome, Invalid)]
    if refused:
        raise DemoRecordError(f"{len(refused)} records, the first: {refused[0].words.en}")


def _known(*, ids: Sequence[int | None]) -> list[int]:
    if None in ids:
        raise DemoRecordError("a customer of the invented company was not recognised")
    return [person_id for person_id in ids if person_id is not None]


def _write_notes(*, month: Month, author: dict[str, int], fallback: int, now: datetime) -> None:
    people = _known(ids=resolve_people(sightings=[note.customer for note in month.notes], import_id=None, now=now))
    for note, person_id in zip(month.notes, people, strict=True):
        take_note(
            person_id=person_id,
            text=note.text,
            kind=note.kind,
            store=note.store,
            author_id=author.get(note.store, fallback),
            now=note.taken_at,
            wake=False,
        )


def _state_consents(*, month: Month, now: datetime) -> None:
    """Whether they may be mailed, as they said on joining."""
    proofs = [Proof(text=_PROOF[member.source]) for member in month.members]
    _accept(record_stated(sightings=month.members, proofs=proofs, actor=ACTOR, import_id=None, now=now))
