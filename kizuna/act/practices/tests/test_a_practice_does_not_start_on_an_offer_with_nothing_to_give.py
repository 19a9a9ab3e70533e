"""What the coupon step gives must be there to give: at the start, after a pause, after an edit; and enough of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from kizuna.act.offers.models import Offer
from kizuna.act.offers.operations import change_limits, ensure_offer, fill_pool, issue_coupons, stop_offer
from kizuna.act.offers.rules import CouponRequest
from kizuna.act.practices.models import Practice
from kizuna.act.practices.operations import create_practice, edit_practice, pause, resume, start
from kizuna.act.practices.rules.check import FlowRefused
from kizuna.act.practices.rules.flow import Arm, Coupon, End, FactTrigger, Flow, Goal, Node, Send
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import Shop, begin, thanks
from kizuna.words import Words

pytestmark = pytest.mark.django_db


def _offer(shop: Shop, name: str = "treat", **terms: Any) -> int:
    return ensure_offer(
        name=name,
        title=Words(ja="500円引き", en="500 yen off"),
        kind="amount",
        value=500,
        now=shop.now,
        **({"valid_days": 30} | terms),
    )


def _give(shop: Shop, *, count: int = 1, offer: str = "treat") -> None:
    requests = [CouponRequest(person_id=None, key=f"hand:{offer}{n}", practice="") for n in range(count)]
    with transaction.atomic():
        issue_coupons(offer=offer, requests=requests, now=shop.now)


def _flow(offer: str = "treat", **more: Any) -> Flow:
    nodes: dict[str, Node] = {"give": Coupon(offer=offer, next="tell"), "tell": Send(template="thanks", next="end")}
    return thanks(nodes={**nodes, "end": End()}, first="give", **more)


def _draft(shop: Shop, flow: Flow) -> None:
    title = Words(ja="お礼", en="Thanks")
    create_practice(name="thank-you", title=title, flow=flow, actor="test", now=shop.now, salt="a fixed salt")


def _used_up(shop: Shop) -> None:
    _offer(shop, total_limit=1)
    _give(shop)


def _spent(shop: Shop) -> None:
    _offer(shop, budget_yen=900)
    _give(shop)


def _stopped(shop: Shop) -> None:
    stop_offer(offer_id=_offer(shop), honours_issued=True, actor="test", now=shop.now)


def _over(shop: Shop) -> None:
    _offer(shop, ends_at=shop.now)


def _unpublished(shop: Shop) -> None:
    _offer(shop, publish=False)


def _without_codes(shop: Shop) -> None:
    _offer(shop, code_mode="pool")


EMPTY = [
    (_used_up, "上限を増やすか、別の特典を公開して", "Raise the limit, or publish another offer"),
    (_spent, "予算を増やすか、別の特典を公開して", "Raise the budget, or publish another offer"),
    (_stopped, "停止されています。", "It has been stopped."),
    (_over, "期間が終わっています。", "Its time is over."),
    (_unpublished, "まだ公開されていません。", "It is not published yet."),
    (_without_codes, "コードを取り込むか", "Bring in more codes"),
]


@pytest.mark.parametrize(("empty", "ja", "en"), EMPTY)
def test_the_start_names_the_step_and_the_offer_and_what_to_do(empty: Any, ja: str, en: str, shop: Shop) -> None:
    empty(shop)
    _draft(shop, _flow())
    with pytest.raises(FlowRefused) as refused:
        start(practice="thank-you", actor="test", now=shop.now)
    (problem,) = refused.value.problems
    assert problem.node == "give"
    assert "クーポン「500円引き」をお渡しできません。" in problem.words.ja
    assert "Coupon “500 yen off” cannot be given. " in problem.words.en
    assert ja in problem.words.ja
    assert en in problem.words.en
    assert Practice.objects.get().state == "draft"


def test_an_offer_that_is_not_there_is_named_as_before(shop: Shop) -> None:
    _draft(shop, _flow("nothing"))
    with pytest.raises(FlowRefused) as refused:
        start(practice="thank-you", actor="test", now=shop.now)
    assert "クーポン「nothing」がありません。" in refused.value.words.ja


def test_it_starts_once_there_is_room_again(shop: Shop) -> None:
    _used_up(shop)
    _draft(shop, _flow())
    number = Offer.objects.get().pk
    change_limits(offer_id=number, total_limit=2, budget_yen=None, actor="test", now=shop.now)
    start(practice="thank-you", actor="test", now=shop.now)
    assert Practice.objects.get().state == "running"


def test_nor_does_it_resume_or_take_an_edit_while_it_runs(shop: Shop) -> None:
    _offer(shop, total_limit=1)
    _offer(shop, "other")
    begin(shop, _flow("other"))
    _give(shop)
    with pytest.raises(FlowRefused, match="Raise the limit"):
        edit_practice(practice="thank-you", flow=_flow(), actor="test", now=shop.now)
    stop_offer(offer_id=Offer.objects.get(name="other").pk, honours_issued=True, actor="test", now=shop.now)
    pause(practice="thank-you", actor="test", now=shop.now)
    with pytest.raises(FlowRefused, match="It has been stopped"):
        resume(practice="thank-you", actor="test", now=shop.now)
    assert Practice.objects.get().state == "paused"
    _offer(shop, "third")
    edit_practice(practice="thank-you", flow=_flow("third"), actor="test", now=shop.now)
    resume(practice="thank-you", actor="test", now=shop.now)
    assert Practice.objects.get().state == "running"


def test_a_draft_may_be_edited_all_the_same(shop: Shop) -> None:
    _used_up(shop)
    _draft(shop, _flow(holdout_share=0.1))
    assert edit_practice(practice="thank-you", flow=_flow(), actor="test", now=shop.now) == 1


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ja", "クーポン「500円引き」を渡すステップ：クーポン「500円引き」をお渡しできません。"),
        ("en", "cannot be given. As many coupons are out as may be used."),
    ],
)
def test_the_page_says_it_by_the_step_as_it_is_told_there(
    language: str, told: str, shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kizuna.act.practices.views.change.present", lambda: shop.now)
    _used_up(shop)
    _draft(shop, _flow())
    owner = sign_in("owner")
    owner.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = owner.post("/practices/thank-you/state/", {"act": "start"}, follow=True)
    said = [str(one) for one in answer.context["messages"]]
    assert len(said) == 1
    assert told in said[0]
    assert Practice.objects.get().state == "draft"


def _outlook(shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, *, role: str = "owner") -> str:
    monkeypatch.setattr("kizuna.act.practices.views.pages.present", lambda: shop.now)
    answer = sign_in(role).get("/practices/thank-you/reach/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def _history(shop: Shop, *, parcels: int) -> None:
    for number in range(parcels):
        shop.order(f"A-{number}", f"c{number}", delivered_at=shop.now - timedelta(days=3))
    shop.fold()


@pytest.mark.parametrize(("limit", "warned"), [(9, True), (10, False), (None, False)])
def test_the_outlook_warns_where_fewer_are_left_than_it_would_have_given(
    limit: int | None, warned: bool, shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _history(shop, parcels=20)
    _offer(shop, total_limit=limit)
    _draft(shop, _flow(holdout_share=0.5))
    page = _outlook(shop, sign_in, monkeypatch)
    assert (
        "クーポン「500円引き」は、お渡しできる残りが9枚です。直近30日間と同じなら最大10枚が必要です。" in page
    ) is warned
    assert ("alert-warning" in page) is warned
    start(practice="thank-you", actor="test", now=shop.now)  # a warning refuses nothing


def test_only_the_arms_that_give_it_count(shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    _history(shop, parcels=20)
    _offer(shop, total_limit=4)
    nodes: dict[str, Node] = {
        "give": Coupon(offer="treat", next="tell"),
        "tell": Send(template="thanks", next="end"),
        "end": End(),
    }
    arms = (Arm(name="coupon", weight=1, first="give"), Arm(name="letter", weight=3, first="tell"))
    flow = Flow(
        trigger=FactTrigger(fact="delivered"),
        arms=arms,
        nodes=nodes,
        goal=Goal(metric="repeat_rate", window_days=30),
        holdout_share=0.0,
    )
    _draft(shop, flow)
    assert "残りが4枚です。直近30日間と同じなら最大5枚" in _outlook(shop, sign_in, monkeypatch)


@pytest.mark.parametrize(("parcels", "limit"), [(3, 1), (3, 2)])
def test_english_counts_in_number(
    parcels: int, limit: int, shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _history(shop, parcels=parcels)
    _offer(shop, total_limit=limit)
    _draft(shop, _flow())
    owner = sign_in("owner")
    owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    monkeypatch.setattr("kizuna.act.practices.views.pages.present", lambda: shop.now)
    page = owner.get("/practices/thank-you/reach/").content.decode()
    verb = "is" if limit == 1 else "are"
    assert f"Only {limit} of coupon “500 yen off” {verb} left to give; as in the last 30 days" in page
    assert "up to 3." in page


def test_the_outlook_says_too_that_nothing_is_left(
    shop: Shop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _offer(shop, code_mode="pool")
    number = Offer.objects.get().pk
    _draft(shop, _flow())
    assert "コードを取り込むか、別の特典を公開して" in _outlook(shop, sign_in, monkeypatch, role="analyst")
    fill_pool(offer_id=number, lines=["CODE-0001"], actor="test", now=shop.now)
    assert "alert-warning" not in _outlook(shop, sign_in, monkeypatch)
