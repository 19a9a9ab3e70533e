from collections.abc import Mapping

import pytest

from kizuna.act.practices.rules.flow import (
    Arm,
    Branch,
    Condition,
    Coupon,
    End,
    FactName,
    FactTrigger,
    Flow,
    Goal,
    Node,
    Send,
    Survey,
)
from kizuna.act.practices.rules.values import problems_with_values

FIELDS = {
    "gift": {"顧客.姓", "クーポン.コード"},
    "ask": {"アンケート.リンク"},
    "order": {"注文.商品"},
    "plain": {"顧客.姓", "会社.名前"},
}
Nodes = Mapping[str, Node]
END = {"end": End()}


def wrong(nodes: Nodes, *, fact: FactName = "delivered", starts: tuple[str, ...] = ("first",)) -> list[str]:
    arms = tuple(Arm(name=start, first=start) for start in starts)
    flow = Flow(trigger=FactTrigger(fact=fact), arms=arms, nodes={**nodes, **END}, goal=Goal(metric="repeat_rate"))
    return [problem.node for problem in problems_with_values(flow=flow, fields=FIELDS)]


def test_a_coupon_given_before_may_be_told_of() -> None:
    told: Nodes = {"first": Coupon(offer="x", next="tell"), "tell": Send(template="gift", next="end")}
    assert wrong(told) == []


def test_a_coupon_nobody_was_given_may_not() -> None:
    assert wrong({"first": Send(template="gift", next="end")}) == ["first"]


def test_a_coupon_given_afterwards_comes_too_late() -> None:
    late: Nodes = {"first": Send(template="gift", next="give"), "give": Coupon(offer="x", next="end")}
    assert wrong(late) == ["first"]


def test_it_must_have_been_given_on_every_way_and_in_every_arm() -> None:
    asked = Condition(asked="ordered_since")
    nodes: Nodes = {
        "first": Branch(condition=asked, yes="give", no="tell"),
        "give": Coupon(offer="x", next="tell"),
        "tell": Send(template="gift", next="end"),
    }
    assert wrong(nodes) == ["tell"]
    straight: Nodes = {"give": Coupon(offer="x", next="tell"), "tell": Send(template="gift", next="end")}
    assert wrong(straight, starts=("give",)) == []
    assert wrong(straight, starts=("give", "tell")) == ["tell"]


def test_a_survey_step_brings_its_own_link_and_leaves_it_to_later_letters() -> None:
    asked: Nodes = {
        "first": Survey(survey="nps", template="ask", next="again"),
        "again": Send(template="ask", next="end"),
    }
    assert wrong(asked) == []
    assert wrong({"first": Send(template="ask", next="end")}) == ["first"]


@pytest.mark.parametrize(("fact", "refused"), [("delivered", []), ("answered", ["first"])])
def test_an_order_is_named_only_where_one_began_it(fact: FactName, refused: list[str]) -> None:
    assert wrong({"first": Send(template="order", next="end")}, fact=fact) == refused


def test_names_are_always_there() -> None:
    assert wrong({"first": Send(template="plain", next="end")}, fact="answered") == []
