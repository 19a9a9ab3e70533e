"""A flow in words: when it starts, for whom, and what each step does, as a shop manager would say it."""

from collections.abc import Iterator, Mapping

from kizuna.act.practices.rules.flow import (
    Branch,
    Condition,
    Coupon,
    DateTrigger,
    Eligible,
    End,
    FactTrigger,
    Node,
    Note,
    QuietTrigger,
    Send,
    Survey,
    Tag,
    TaskStep,
    Trigger,
    Wait,
)
from kizuna.words import Words

FACTS: dict[str, Words] = {
    "delivered": Words(ja="商品が届いたとき", en="When a parcel arrives"),
    "delivered_late": Words(ja="商品が約束より遅れて届いたとき", en="When a parcel arrives late"),
    "promise_missed": Words(
        ja="お届けの約束を過ぎても届いていないとき", en="When a promised day passes without the parcel"
    ),
    "ordered": Words(ja="注文があったとき", en="When a customer orders"),
    "answered": Words(ja="アンケートに回答があったとき", en="When a customer answers a survey"),
    "reviewed": Words(ja="レビューが書かれたとき", en="When a customer writes a review"),
    "refunded": Words(ja="返金したとき", en="When an order is refunded"),
}
DATES: dict[str, Words] = {
    "birthday": Words(ja="誕生日", en="the birthday"),
    "anniversary": Words(ja="初回購入の記念日", en="the anniversary of the first order"),
}
AWAITED: dict[str, Words] = {
    "ordered": Words(ja="注文がある", en="an order"),
    "answered": Words(ja="回答がある", en="an answer"),
    "delivered": Words(ja="商品が届く", en="the delivery"),
    "reviewed": Words(ja="レビューが書かれる", en="a review"),
    "opened": Words(ja="メールが開かれる", en="the mail being opened"),
    "redeemed": Words(ja="クーポンが使われる", en="the coupon being used"),
}
CHANNELS: dict[str, Words] = {
    "auto": Words(ja="お客様の希望する経路", en="the customer's own channel"),
    "mail": Words(ja="メール", en="mail"),
    "line": Words(ja="LINE", en="LINE"),
    "sms": Words(ja="SMS", en="SMS"),
}
SEGMENTS: dict[str, Words] = {
    "new": Words(ja="新規", en="new"),
    "repeat": Words(ja="リピート", en="repeat"),
}
NPS_GROUPS: dict[str, Words] = {
    "promoter": Words(ja="推奨者", en="promoters"),
    "passive": Words(ja="中立者", en="passives"),
    "detractor": Words(ja="批判者", en="detractors"),
}
TASKS: dict[str, Words] = {
    "call": Words(ja="ご連絡", en="Contact"),
    "apology": Words(ja="お詫び", en="Apology"),
    "letter": Words(ja="お手紙", en="Letter"),
    "check": Words(ja="確認", en="Check"),
}
LATE: dict[str, Words] = {
    "send": Words(ja="遅れても送る", en="send even when late"),
    "skip": Words(ja="遅れたら送らない", en="leave out when late"),
    "shift": Words(ja="送れる時間まで延ばす", en="move to the next possible hour"),
}
PREMISES: dict[str, Words] = {
    "overdue": Words(ja="約束の日を過ぎても届いていない", en="it is overdue and has not arrived"),
}
ARRIVED: dict[str, Words] = {
    "delivered": Words(ja="ご注文の商品がすべて届いたか", en="Has the whole order arrived?"),
    "delivered_late": Words(ja="お届けが約束より遅れたか", en="Did a parcel of the order come late?"),
}
ICONS: dict[type[Node], str] = {
    Wait: "clock-hour-4",
    Branch: "arrows-split",
    Send: "mail",
    Coupon: "ticket",
    TaskStep: "clipboard-check",
    Note: "note",
    Tag: "tag",
    Survey: "message-question",
    End: "flag",
}


def trigger_words(*, trigger: Trigger) -> Words:
    """«When a parcel arrives (the first order)»."""
    if isinstance(trigger, QuietTrigger):
        return Words(ja="{days}日間ご注文がないとき", en="After {days} days without an order").fill(days=trigger.days)
    if isinstance(trigger, DateTrigger):
        date = DATES[trigger.date]
        if not trigger.days_before:
            return Words(ja=f"{date.ja}の当日", en=f"On {date.en}")
        return Words(ja=f"{date.ja}の{trigger.days_before}日前", en=f"{trigger.days_before} days before {date.en}")
    return _fact_words(trigger)


def _fact_words(trigger: FactTrigger) -> Words:
    words = FACTS[trigger.fact]
    more = list(_narrowed(trigger))
    if not more:
        return words
    return Words(
        ja=f"{words.ja}（{'、'.join(one.ja for one in more)}）", en=f"{words.en} ({', '.join(one.en for one in more)})"
    )


def _narrowed(trigger: FactTrigger) -> Iterator[Words]:
    if trigger.nth_order == 1:
        yield Words(ja="初めての注文", en="the first order")
    elif trigger.nth_order is not None:
        yield Words(ja="{nth}回目の注文", en="order number {nth}").fill(nth=trigger.nth_order)
    if trigger.instrument:
        yield Words(ja=trigger.instrument.upper(), en=trigger.instrument.upper())
    if trigger.score_min is not None or trigger.score_max is not None:
        yield range_words(low=trigger.score_min, high=trigger.score_max)
    if trigger.touchpoint:
        yield Words(ja=f"接点 {trigger.touchpoint}", en=f"touchpoint {trigger.touchpoint}")


def range_words(*, low: float | None, high: float | None) -> Words:
    """«0–6», «9 or more»."""
    if low is None and high is not None:
        return Words(ja=f"{high:g}点以下", en=f"{high:g} or less")
    if high is None and low is not None:
        return Words(ja=f"{low:g}点以上", en=f"{low:g} or more")
    return Words(ja=f"{low:g}～{high:g}点", en=f"{low:g}–{high:g}")


def eligible_words(*, eligible: Eligible) -> list[Words]:
    """Each condition on who may be served; empty when everybody may."""
    return list(_conditions(eligible))


def _conditions(eligible: Eligible) -> Iterator[Words]:
    listed = (
        (eligible.segments, SEGMENTS, "{all}のお客様", "{all} customers"),
        (eligible.nps_groups, NPS_GROUPS, "直近の推奨度が{all}", "{all} by their latest score"),
        (eligible.channels_consented, CHANNELS, "{all}の受信に同意済み", "agreed to {all}"),
    )
    for values, names, ja, en in listed:
        if values:
            all_ja, all_en = (sep.join(getattr(names[v], code) for v in values) for code, sep in _JOIN)
            yield Words(ja=ja.format(all=all_ja), en=en.format(all=all_en))
    coded = ((eligible.stores, "店舗", "store"), (eligible.products, "商品", "product"))
    for codes, ja, en in (*coded, (eligible.categories, "カテゴリ", "category")):
        if codes:
            yield Words(ja=f"{ja}: {'、'.join(codes)}", en=f"{en}: {', '.join(codes)}")
    yield from _orders(eligible)
    if eligible.top_share is not None:
        yield Words(ja="お買い上げ額の上位{share:g}%", en="the top {share:g}% by sales").fill(
            share=round(eligible.top_share * 100, 2)
        )


_JOIN = (("ja", "・"), ("en", " or "))


def _orders(eligible: Eligible) -> Iterator[Words]:
    low, high = eligible.min_orders, eligible.max_orders
    if low is not None and high is not None:
        yield Words(ja=f"注文が{low}～{high}回", en=f"{low} to {high} orders")
    elif low is not None:
        yield Words(ja=f"注文が{low}回以上", en=f"{low} orders or more" if low > 1 else "at least 1 order")
    elif high is not None:
        yield Words(ja=f"注文が{high}回以下", en=f"at most {high} orders")


def node_words(*, node: Node, names: Mapping[str, Words] | None = None) -> Words:
    """What one step does, in one line. ``names`` are the titles of templates and offers by their names."""
    called = names or {}
    if isinstance(node, Wait):
        return _wait_words(node)
    if isinstance(node, Branch):
        return condition_words(condition=node.condition)
    if isinstance(node, TaskStep):
        return Words(
            ja="{kind}のタスク「{title}」（{hours}時間以内）", en="{en} task “{title}”, due within {hours} h"
        ).fill(kind=TASKS[node.kind].ja, en=TASKS[node.kind].en, title=node.title, hours=node.due_hours)
    if isinstance(node, Send | Survey):
        return _send_words(node, _called(called, node.template))
    if isinstance(node, Coupon):
        offer = _called(called, node.offer)
        return Words(ja=f"クーポン「{offer.ja}」を渡す", en=f"Give the coupon “{offer.en}”")
    return _short_words(node)


def _called(names: Mapping[str, Words], name: str) -> Words:
    return names.get(name) or Words(ja=name, en=name)


def _send_words(node: Send | Survey, template: Words) -> Words:
    by = CHANNELS[node.channel]
    if isinstance(node, Survey):
        return Words(ja=f"{by.ja}でアンケート「{template.ja}」を送る", en=f"Send the survey “{template.en}” by {by.en}")
    if node.premise is None:
        return Words(ja=f"{by.ja}で「{template.ja}」を送る", en=f"Send “{template.en}” by {by.en}")
    still = PREMISES[node.premise]
    return Words(
        ja=f"{by.ja}で「{template.ja}」を送る（送る時点で{still.ja}場合だけ）",
        en=f"Send “{template.en}” by {by.en} (only if {still.en} at that moment)",
    )


def _short_words(node: Node) -> Words:
    if isinstance(node, Note):
        return Words(ja=f"メモを残す: {node.text}", en=f"Take a note: {node.text}")
    if isinstance(node, Tag):
        return Words(ja=f"タグ「{node.tag}」を付ける", en=f"Tag as “{node.tag}”")
    return Words(ja="終了", en="End")


def _wait_words(wait: Wait) -> Words:
    if wait.until_fact:
        awaited = AWAITED[wait.until_fact]
        return Words(
            ja=f"{awaited.ja}まで待つ（最長{wait.timeout_days}日）",
            en=f"Wait for {awaited.en} (at most {wait.timeout_days} days)",
        )
    ja, en = [], []
    if wait.days:
        ja.append(f"{wait.days}日")
        en.append(f"{wait.days} days" if wait.days > 1 else "1 day")
    if wait.hours:
        ja.append(f"{wait.hours}時間")
        en.append(f"{wait.hours} hours" if wait.hours > 1 else "1 hour")
    rest = Words(ja="".join(ja) + "待つ" if ja else "", en="Wait " + " ".join(en) if en else "")
    if wait.until_local_hour is None:
        return rest
    until = Words(ja=f"{wait.until_local_hour}時になるまで待つ", en=f"Wait until {wait.until_local_hour}:00")
    if not ja:
        return until
    return Words(
        ja=f"{''.join(ja)}待って、{wait.until_local_hour}時に進む",
        en=f"{rest.en}, then until {wait.until_local_hour}:00",
    )


def condition_words(*, condition: Condition) -> Words:
    """The question a branch asks."""
    asked = condition.asked
    if asked == "ordered_since":
        return Words(ja="その後に注文があったか", en="Has the customer ordered since?")
    if asked == "answered_since":
        return Words(ja="その後に回答があったか", en="Has the customer answered since?")
    if asked in ARRIVED:
        return ARRIVED[asked]
    if asked == "segment":
        segment = SEGMENTS[condition.segment or "new"]
        return Words(ja=f"{segment.ja}のお客様か", en=f"Is this a {segment.en} customer?")
    if asked == "has_channel":
        channel = CHANNELS[condition.channel or "mail"]
        return Words(ja=f"{channel.ja}で連絡できるか", en=f"Can the customer be reached by {channel.en}?")
    span = range_words(low=condition.score_min, high=condition.score_max)
    return Words(ja=f"点数が{span.ja}か", en=f"Is the score {span.en}?")
