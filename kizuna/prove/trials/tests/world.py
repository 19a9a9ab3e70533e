"""A small shop with a practice: who was assigned when, and what they did afterwards."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import transaction
from django.test import Client

from kizuna.act.practices.operations.lifecycle import create_practice, start
from kizuna.act.practices.rules.flow import Arm, End, FactTrigger, Flow, Goal, Note
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role
from kizuna.facts.catalogue import Fact, OrderPlaced, PersonLinked, PracticeAssigned, SurveyAnswered
from kizuna.facts.outbox.operations import publish
from kizuna.understand.metrics.operations import catch_up
from kizuna.words import Words

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
NOW = START + timedelta(days=60)
PRACTICE = "thanks"
_ids = count(1)


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def tell(*facts: Fact) -> None:
    """Publish the facts and bring everything up to date."""
    with transaction.atomic():
        publish(facts=facts, now=NOW, wake=False)
    catch_up(now=NOW)


def assigned(
    person: int,
    at: float = 0.0,
    *,
    held_out: bool = False,
    arm: str = "a",
    practice: str = PRACTICE,
    store: str = "honten",
    version: int = 1,
) -> PracticeAssigned:
    """One assignment."""
    return PracticeAssigned(
        occurred_at=day(at),
        person_id=person,
        assignment_id=next(_ids),
        practice=practice,
        version=version,
        arm=arm,
        held_out=held_out,
        store=store,
    )


def order(person: int, at: float, yen: int = 1000) -> OrderPlaced:
    """One order."""
    return OrderPlaced(
        occurred_at=day(at),
        person_id=person,
        order_id=next(_ids),
        source="test",
        channel="web",
        total_yen=yen,
        quantity=1,
    )


def answer(person: int, at: float, score: float, instrument: str = "nps") -> SurveyAnswered:
    """One answer."""
    return SurveyAnswered(
        occurred_at=day(at), person_id=person, answer_id=next(_ids), instrument=instrument, score=score
    )


def link(person: int, root: int) -> PersonLinked:
    """Two records are one customer."""
    return PersonLinked(occurred_at=START, person_id=person, root_id=root, revision=1)


def shop(*, treated: int, held_out: int, treated_buy: int, held_out_buy: int, store: str = "honten") -> list[Fact]:
    """Customers with an order before; of each arm so many order once more within 30 days. A last order on day 59 tells
    that orders are known until then.
    """
    facts: list[Fact] = [order(900_000, 59)]
    for number in range(treated + held_out):
        person, control = number + 1, number >= treated
        facts += [order(person, -5), assigned(person, held_out=control, store=store)]
        place = number - treated if control else number
        if place < (held_out_buy if control else treated_buy):
            facts.append(order(person, 10))
    return facts


def practice(
    *,
    name: str = PRACTICE,
    holdout_share: float = 0.5,
    goals: Sequence[tuple[str, int]] = (("repeat_rate", 30),),
    arms: Sequence[str] = ("a",),
) -> None:
    """The practice itself, as the shop set it up."""
    main, *also = [Goal(metric=metric, window_days=days) for metric, days in goals]
    flow = Flow(
        trigger=FactTrigger(fact="delivered"),
        arms=tuple(Arm(name=arm, first="note", title_ja=f"案{arm}", title_en=f"Way {arm}") for arm in arms),
        nodes={"note": Note(text="お礼", next="end"), "end": End()},
        goal=main,
        also=tuple(also),
        holdout_share=holdout_share,
    )
    title = Words(ja="お礼の手紙", en="Thank-you letter")
    create_practice(name=name, title=title, flow=flow, actor="test", now=START)
    start(practice=name, actor="test", now=START)


def signed_in(role: str = "manager") -> Client:
    """A browser of a member of staff."""
    pk = create_user(
        email=f"{role}@example.jp", name=role, role=Role(role), password="0k-long-enough-9", actor="test", now=NOW
    )
    browser = Client()
    browser.force_login(User.objects.get(pk=pk))
    return browser
