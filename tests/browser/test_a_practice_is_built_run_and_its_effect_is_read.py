"""From an empty form to a proven effect: a practice is built, started, runs for seven weeks and is read, by one owner.

The weeks pass on the demo's clock; the orders come in as files, and the treated come back more often because the files
say so: 65 of a hundred within the month, of the held-out 20.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kizuna.clock import JST
from tests.browser.conftest import Shop, answered_late, sign_in, until

pytestmark = pytest.mark.browser

NAME = "first-order-care"
TITLE = "初めてのご注文のあとに"
READY = "handwritten_letter"
CUSTOMERS = 400
NOON = 12
ORDERS = "order_id,ordered_at,customer,email,name,store,sku,product,category,quantity,unit_price_yen\n"
PEOPLE = "customer_id,mail,name,accepts_mail\n"
LOTS = f"""
import json
from kizuna.act.practices.models import Assignment, Practice
from kizuna.customers.people.models import Person
from kizuna.stats.randomisation import is_held_out
one = Practice.objects.get(name={NAME!r})
mails = dict(Person.objects.values_list("id", "email"))
rows = Assignment.objects.filter(practice=one)
drawn = {{row.person_id: is_held_out(salt=one.salt, unit=row.person_id, share=0.5) for row in rows}}
assert drawn == {{row.person_id: row.held_out for row in rows}}
print(json.dumps([[person, mails[person], held_out] for person, held_out in drawn.items()]))
"""


def _step(page: Page, number: int) -> Callable[[str, str], None]:
    """Fill in a field of the nth step, by its label."""
    card = page.locator(f"#step-s{number}")

    def fill(label: str, value: str) -> None:
        field = card.get_by_label(label, exact=True)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    return fill


def _add(page: Page, kind: str) -> None:
    page.get_by_role("group", name="ステップを追加").get_by_role("button", name=kind).click()


def _build(*, page: Page, shop: Shop) -> None:
    """Wait a day, write, wait three weeks; whoever has ordered is tagged, of the others a note is kept."""
    page.goto(f"{shop.address}/practices/")
    page.get_by_role("link", name="白紙から作る").click()
    page.get_by_label("日本語").fill(TITLE)
    page.get_by_label("短い名前（半角英数）").fill(NAME)
    with answered_late(page=page, path="/practices/new/"):
        page.get_by_label("いつ始めますか").select_option(label="注文があったとき")
        page.get_by_label("何回目の注文（空欄: 毎回）").fill("1")
        page.get_by_label("比較用の割合（%）").fill("50")
    _step(page, 2)("文面", "お届け後のお礼")
    for kind in ("待つ", "条件で分ける", "メモを残す", "タグを付ける"):
        _add(page, kind)
    _step(page, 3)("日数", "三日")
    _step(page, 4)("いいえのとき", "5. メモを残す")
    _step(page, 4)("はいのとき", "6. タグを付ける")
    _step(page, 5)("メモの内容", "まだ再注文がありません。")
    _step(page, 5)("次に進む先", "終了")
    _step(page, 6)("タグ", "再注文")
    page.get_by_label("主な指標").select_option(label="リピート率")
    page.get_by_label("対象になってから（日間）").fill("30")
    page.get_by_role("button", name="保存する").click()


def _correct(*, page: Page) -> None:
    """The editor says at the step what it cannot read, and has kept everything else."""
    expect(page.locator("#step-s3")).to_contain_text("「三日」は数字で入力してください。")
    expect(page.get_by_label("日本語")).to_have_value(TITLE)
    expect(page.get_by_label("比較用の割合（%）")).to_have_value("50")
    expect(page.locator("#step-s3").get_by_label("日数")).to_have_value("三日")
    expect(page.locator("#step-s5").get_by_label("メモの内容")).to_have_value("まだ再注文がありません。")
    expect(page.locator("#step-s4").get_by_label("はいのとき").locator("option:checked")).to_have_text(
        "6. タグを付ける"
    )
    _step(page, 3)("日数", "21")
    page.get_by_role("button", name="保存する").click()


def _read_flow(*, page: Page, shop: Shop) -> None:
    page.wait_for_url(f"{shop.address}/practices/{NAME}/")
    flow = page.locator(".p-flow")
    for words in (
        "注文があったとき（初めての注文）",
        "比較用（何もしない） 50%",
        "1日待って、10時に進む",
        "お客様の希望する経路で「お届け後のお礼」を送る",
        "21日待つ",
        "その後に注文があったか",
        "タグ「再注文」を付ける",
    ):
        expect(flow).to_contain_text(words)
    expect(page.locator(".k-counts")).to_have_text(
        re.compile(r"対象になった\s*0\s*うち比較用\s*0\s*進行中\s*0\s*完了（延べ回数）\s*0")
    )
    expect(page.get_by_text("直近30日間に対象となったはずのお客様")).to_be_visible(timeout=20_000)


def _say_who_sends(*, page: Page, shop: Shop) -> None:
    """Advertising waits until the law's name and address are there."""
    page.goto(f"{shop.address}/messages/settings/")
    page.get_by_label("送信者の名前").fill("ゆのは商店")
    page.get_by_label("送信者の住所").fill("京都府京都市中京区三条通1-1")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("広告の配信は待っています")).to_have_count(0)


def _take_from_the_shelf(*, page: Page, shop: Shop) -> None:
    page.goto(f"{shop.address}/practices/ready/")
    card = page.locator(".p-ready").filter(has=page.locator(f"form[action='/practices/ready/{READY}/']"))
    card.get_by_role("button", name="この接客方法を使う").click()
    page.wait_for_url(f"{shop.address}/practices/{READY}/")
    page.get_by_role("button", name="開始する").click()
    expect(page.get_by_text("開始しました。").first).to_be_visible()


def _act(*, page: Page, shop: Shop, button: str, said: str) -> None:
    page.goto(f"{shop.address}/practices/{NAME}/")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(said).first).to_be_visible()


def _figures(*, page: Page, shop: Shop) -> dict[str, int]:
    page.goto(f"{shop.address}/practices/{NAME}/")
    facts = page.locator(".k-facts").first
    names, values = facts.locator("dt").all_inner_texts(), facts.locator("dd").all_inner_texts()
    return {name: int(value.replace(",", "")) for name, value in zip(names, values, strict=True)}


def _wait(*, page: Page, shop: Shop, **wanted: int) -> dict[str, int]:
    """Look again until the practice's figures are so.

    The worker goes through new facts once a minute, so two more minutes are let pass now and then.
    """
    for turn in range(1, 81):
        found = _figures(page=page, shop=shop)
        if all(found[name] == count for name, count in wanted.items()):
            return found
        page.wait_for_timeout(750)
        if turn % 8 == 0:
            shop.kizuna("clock", "advance", "2m")
    raise AssertionError(f"{wanted} never came: {found}")


def _wait_for_letters(*, page: Page, shop: Shop, count: int) -> None:
    """Look at the messages page until so many have gone out."""
    page.goto(f"{shop.address}/messages/?practice={NAME}")
    sent = page.locator(".k-figure").filter(has_text="送信済み").locator(".k-figure-value")
    for _ in range(60):
        if sent.inner_text() == str(count):
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(sent).to_have_text(str(count))


def _import(*, shop: Shop, path: Path, header: str, lines: Iterable[str]) -> None:
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    shop.kizuna("import", str(path))


def _order(*, order: str, customer: str, at: datetime) -> str:
    who = customer.partition("@")[0]
    return f"{order},{at:%Y-%m-%d %H:%M},{who},{who}@example.jp,高橋 {who},kyoto,TEA,煎茶,お茶,1,2000"


def _advance(*, shop: Shop, to: datetime, past: datetime) -> datetime:
    """Let the demo's clock pass from one moment to another."""
    minutes = int((to - past).total_seconds() // 60)
    shop.kizuna("clock", "advance", f"{minutes // 1440}d{minutes // 60 % 24}h{minutes % 60}m")
    return to


def _lots(*, shop: Shop) -> list[tuple[int, str, bool]]:
    """Every assigned customer: id, address, held out; the lot itself is asked again."""
    return [(person, mail, held) for person, mail, held in json.loads(shop.ask(LOTS))]


def _written_to(*, shop: Shop, among: set[str]) -> list[str]:
    """Who of these has a letter of thanks in the outbox of this home; the demo's own practice sends it to others."""
    parser = BytesHeaderParser(policy=policy.default)
    letters = [parser.parsebytes(path.read_bytes()) for path in (shop.home / "outbox").glob("*.eml")]
    return [str(one["To"]) for one in letters if "使い始め" in str(one["Subject"]) and str(one["To"]) in among]


def _exported(*, page: Page, shop: Shop) -> list[dict[str, str]]:
    answer = page.request.get(f"{shop.address}/messages/export/?practice={NAME}&format=csv")
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))


def _points(*numbers: float) -> list[str]:
    return [f"{100 * number:+.1f}" for number in numbers]


def _read_effect(*, page: Page, shop: Shop) -> None:
    """The effect's page, the league and the command say one thing."""
    until(page=page, shop=shop, path=f"/trials/{NAME}/", text="効果あり", seconds=60)
    told = json.loads(shop.kizuna("effect", NAME, "repeat_rate", "--json"))
    effect = told["effect"]
    assert (told["verdict"], told["verdict_ja"], told["grade"]) == ("works", "効果あり", 3)
    assert 0.0 < effect["low"] < effect["value"] < effect["high"]
    assert effect["low"] < 0.45 < effect["high"]
    value, low, high = _points(effect["value"], effect["low"], effect["high"])
    main = page.locator(".t-main")
    expect(main.locator(".t-value")).to_contain_text(value)
    expect(main).to_contain_text(f"{low} ～ {high}ポイント")
    for arm in told["arms"]:
        row = page.locator("main tbody tr").filter(has_text="比較用" if arm["held_out"] else "実施").first
        expect(row).to_contain_text(f"{100 * arm['mean']:.1f}")
        expect(row).to_contain_text(str(arm["n"]))

    page.goto(f"{shop.address}/evidence/")
    row = page.locator(f"tr[id='{NAME}']")
    expect(row).to_contain_text("効果あり")
    expect(row).to_contain_text(f"{value}ポイント")
    expect(row).to_contain_text(f"{low} ～ {high}")
    expect(page.locator(".e-card-good")).to_contain_text(TITLE)


def test_an_owner_builds_a_practice_runs_it_and_learns_that_it_works(
    page: Page, demo_shop: Shop, tmp_path: Path
) -> None:
    shop = demo_shop
    sign_in(page=page, shop=shop)
    _build(page=page, shop=shop)
    _correct(page=page)
    _read_flow(page=page, shop=shop)
    _take_from_the_shelf(page=page, shop=shop)
    _say_who_sends(page=page, shop=shop)
    _act(page=page, shop=shop, button="開始する", said="開始しました。")

    # 400 new customers order, all of whom want mail; the lot divides them.
    began = datetime.now(JST).replace(second=0, microsecond=0)
    noon = began.replace(hour=NOON, minute=0)
    noon += timedelta(days=(noon - began) < timedelta(hours=2))
    now = _advance(shop=shop, past=began, to=noon)
    people = [f"k{number}@example.jp" for number in range(CUSTOMERS)]
    wishes = [f"k{number},{mail},高橋 k{number},1" for number, mail in enumerate(people)]
    _import(shop=shop, path=tmp_path / "customers.csv", header=PEOPLE, lines=wishes)
    firsts = [_order(order=f"F-{mail}", customer=mail, at=now - timedelta(hours=1)) for mail in people]
    _import(shop=shop, path=tmp_path / "first.csv", header=ORDERS, lines=firsts)
    found = _wait(page=page, shop=shop, 対象になった=CUSTOMERS)
    treated = CUSTOMERS - found["うち比較用"]
    assert 150 < treated < 250
    assert found["進行中"] == treated

    # Two days later, in the morning, the letters have gone out to the treated and to nobody else.
    now = _advance(shop=shop, past=now, to=now + timedelta(days=2))
    _wait_for_letters(page=page, shop=shop, count=treated)

    # A week later many of the treated have come back, and few of the others.
    now = _advance(shop=shop, past=now, to=now + timedelta(days=8))
    lots = _lots(shop=shop)
    assert len(lots) == CUSTOMERS
    back = [
        mail
        for held_out, share in ((False, 0.65), (True, 0.20))
        for group in [sorted(mail for _, mail, held in lots if held is held_out)]
        for mail in group[: round(len(group) * share)]
    ]
    seconds = [_order(order=f"S-{mail}", customer=mail, at=now - timedelta(hours=20)) for mail in back]
    _import(shop=shop, path=tmp_path / "second.csv", header=ORDERS, lines=seconds)

    # Paused while everybody's three weeks come to their end: nobody moves, and nobody is lost.
    _act(page=page, shop=shop, button="一時停止", said="一時停止しました。")
    now = _advance(shop=shop, past=now, to=now + timedelta(days=14))
    page.wait_for_timeout(3000)
    assert _figures(page=page, shop=shop)["進行中"] == treated
    _act(page=page, shop=shop, button="再開する", said="再開しました。")
    _wait(page=page, shop=shop, 進行中=0, **{"完了（延べ回数）": treated})

    # Three more weeks, and everybody's month is over; a last order says until when orders are known.
    now = _advance(shop=shop, past=now, to=now + timedelta(days=22))
    last = _order(order="L-1", customer=people[0], at=now - timedelta(hours=1))
    _import(shop=shop, path=tmp_path / "last.csv", header=ORDERS, lines=[last])
    _read_effect(page=page, shop=shop)

    # Nothing was ever sent, nor planned, to anybody held out.
    spared = {person for person, _, held_out in lots if held_out}
    rows = _exported(page=page, shop=shop)
    assert len(rows) == treated
    assert not spared & {int(row["顧客記録番号"]) for row in rows}
    letters = _written_to(shop=shop, among={mail for _, mail, _ in lots})
    assert sorted(letters) == sorted(mail for _, mail, held_out in lots if not held_out)
