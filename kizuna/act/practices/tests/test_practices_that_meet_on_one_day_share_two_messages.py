"""Several practices begin for one customer at the same moment; and the checker sees a third letter within a day."""

from datetime import timedelta

from kizuna.act.outreach.models import Message
from kizuna.act.practices.operations import create_practice, start
from kizuna.act.practices.queries import check_invariants
from kizuna.act.practices.rules.flow import End, Node, Send, Survey
from kizuna.act.practices.tests.shop import Shop, sent, thanks
from kizuna.words import Words


def test_they_write_by_their_rank_two_a_day(shop: Shop) -> None:
    shop.template("ask", "survey")
    steps: tuple[Node, ...] = (
        Send(template="thanks", next="end"),
        Survey(survey="nps", template="ask", next="end"),
    )
    for rank, node in enumerate(steps):
        for copy in range(2):
            nodes: dict[str, Node] = {"go": node, "end": End()}
            name = f"p{rank}{copy}"
            flow = thanks(nodes=nodes, first="go")
            words = Words(ja=name, en=name)
            create_practice(name=name, title=words, flow=flow, actor="test", now=shop.now, priority=rank)
            start(practice=name, actor="test", now=shop.now)
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    shop.step()
    assert sent(shop) == ["ask", "ask"]
    shop.wait(timedelta(hours=23))
    assert sent(shop) == []
    shop.wait(timedelta(hours=1))
    assert sent(shop) == ["thanks", "thanks"]
    shop.fold()
    assert check_invariants(now=shop.now) == []
    Message.objects.filter(practice="p00").update(attempted_at=shop.now - timedelta(hours=2))
    (broken,) = check_invariants(now=shop.now)
    assert (broken.rule, broken.count) == ("J4", 1)
    assert "over the cap" in broken.examples[0]
