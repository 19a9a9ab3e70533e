"""Read a flow from text, and say of every step that cannot work which it is and what to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from kizuna.act.practices.rules.flow import (
    Branch,
    Condition,
    Coupon,
    DateTrigger,
    Eligible,
    FactTrigger,
    Flow,
    Node,
    Note,
    QuietTrigger,
    Send,
    Survey,
    Tag,
    TaskStep,
    Wait,
    followers,
    is_about_an_order,
)
from kizuna.errors import Invalid
from kizuna.words import Words

LONGEST_DAYS = 400
_NODE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, at which step; ``node`` is empty when it concerns the practice as a whole."""

    node: str
    words: Words


class FlowUnreadable(Invalid):
    """The text is no flow."""

    code = "flow_unreadable"

    def __init__(self, *, why: str) -> None:
        super().__init__(
            Words(ja="接客方法の内容を読み取れません（{why}）。", en="The practice cannot be read ({why}).").fill(
                why=why
            )
        )
        self.why = why


class FlowRefused(Invalid):
    """The flow can be read but would not work; ``problems`` names every step and what to do."""

    code = "flow_refused"

    def __init__(self, *, problems: tuple[Problem, ...]) -> None:
        super().__init__(_told(problems=problems))
        self.problems = problems


def parse(*, text: str) -> Flow:
    """The flow that ``text`` (JSON) states. Raises: FlowUnreadable, FlowRefused."""
    try:
        flow = msgspec.json.decode(text, type=Flow)
    except msgspec.DecodeError as error:
        raise FlowUnreadable(why=str(error)) from None
    check(flow=flow)
    return flow


def check(*, flow: Flow) -> None:
    """Raises: FlowRefused when the flow would not work."""
    found = problems(flow=flow)
    if found:
        raise FlowRefused(problems=found)


def problems(*, flow: Flow) -> tuple[Problem, ...]:
    """Everything that is wrong with the flow, the practice as a whole first, then its steps in order."""
    whole = [
        *_of_trigger(flow=flow),
        *_of_eligible(eligible=flow.eligible),
        *_of_arms(flow=flow),
        *_of_goals(flow=flow),
        *_of_shape(flow=flow),
    ]
    steps = [problem for name, node in flow.nodes.items() for problem in _of_node(name=name, node=node, flow=flow)]
    return (*whole, *steps)


def _told(*, problems: tuple[Problem, ...]) -> Words:
    ja = [f"「{one.node}」: {one.words.ja}" if one.node else one.words.ja for one in problems]
    en = [f"“{one.node}”: {one.words.en}" if one.node else one.words.en for one in problems]
    return Words(ja=" ".join(ja), en=" ".join(en))


def _whole(ja: str, en: str, **values: object) -> Problem:
    return Problem(node="", words=Words(ja=ja, en=en).fill(**values))


# ── the practice as a whole ─────────────────────────────────────────────────────────────────────
def _of_trigger(*, flow: Flow) -> Iterator[Problem]:
    trigger = flow.trigger
    if isinstance(trigger, FactTrigger):
        yield from _of_fact(trigger=trigger)
    elif isinstance(trigger, QuietTrigger) and not 1 <= trigger.days <= 1500:
        yield _whole("ご注文のない日数は1～1500日にしてください。", "Days without an order must be 1 to 1500.")
    elif isinstance(trigger, DateTrigger) and not 0 <= trigger.days_before <= 60:
        yield _whole("何日前かは0～60日にしてください。", "Days before the date must be 0 to 60.")
    if not 1 <= flow.freshness_hours <= 24 * 60:
        yield _whole("鮮度は1～1440時間にしてください。", "Freshness must be 1 to 1440 hours.")
    if not 0 <= flow.again_after_days <= 1500:
        yield _whole(
            "再開までの日数は0～1500日にしてください。", "The pause before another start must be 0 to 1500 days."
        )


def _of_fact(*, trigger: FactTrigger) -> Iterator[Problem]:
    if trigger.nth_order is not None:
        if trigger.fact not in {"ordered", "delivered", "delivered_late", "promise_missed"}:
            yield _whole(
                "「何回目の注文」は注文か配送のきっかけだけに使えます。", "“nth order” needs an order or a delivery."
            )
        if trigger.nth_order < 1:
            yield _whole("「何回目の注文」は1以上にしてください。", "“nth order” starts at 1.")
    scored = trigger.fact in {"answered", "reviewed"}
    if not scored and (trigger.score_min is not None or trigger.score_max is not None):
        yield _whole("点数は回答かレビューのきっかけだけに使えます。", "A score needs an answer or a review.")
    if (trigger.instrument or trigger.touchpoint) and trigger.fact != "answered":
        yield _whole("設問と接点は回答のきっかけだけに使えます。", "An instrument or a touchpoint needs an answer.")
    yield from _of_range(node="", low=trigger.score_min, high=trigger.score_max)


def _of_range(*, node: str, low: float | None, high: float | None) -> Iterator[Problem]:
    if low is not None and high is not None and low > high:
        words = Words(ja="点数の下限が上限を超えています。", en="The lowest score is above the highest.")
        yield Problem(node=node, words=words)


def _of_eligible(*, eligible: Eligible) -> Iterator[Problem]:
    low, high = eligible.min_orders, eligible.max_orders
    if (low or 0) < 0 or (high is not None and high < (low or 0)):
        yield _whole("注文回数の下限と上限が矛盾しています。", "The fewest and most orders contradict each other.")
    if eligible.top_share is not None and not 0.0 < eligible.top_share <= 1.0:
        yield _whole(
            "上位の割合は0より大きく1以下にしてください。", "The best customers' share must be above 0 and at most 1."
        )


def _of_arms(*, flow: Flow) -> Iterator[Problem]:
    names = [arm.name for arm in flow.arms]
    if not names:
        yield _whole("接客の方法（群）を1つ以上設けてください。", "Add at least one arm.")
    if len(set(names)) != len(names) or not all(name.strip() and len(name) <= 60 for name in names):
        yield _whole("群の名前は空でなく、互いに違うものにしてください。", "Arms need names, each a different one.")
    if "holdout" in names:
        yield _whole(
            "「holdout」は比較用のお客様の名前です。別の名前にしてください。",
            "“holdout” is the comparison group's name.",
        )
    if any(arm.weight < 0 for arm in flow.arms) or (names and sum(arm.weight for arm in flow.arms) <= 0):
        yield _whole(
            "群の比率は0以上とし、1つは0より大きくしてください。", "Weights are zero or more, and one is above zero."
        )
    for arm in flow.arms:
        if arm.first not in flow.nodes:
            yield _whole(
                "群「{arm}」の最初のステップ「{node}」がありません。選び直してください。",
                "Arm “{arm}” begins with “{node}”, which is not there. Choose another step.",
                arm=arm.name,
                node=arm.first,
            )
    if not 0.0 <= flow.holdout_share <= 0.9:
        yield _whole("比較用の割合は0%から90%までにしてください。", "Hold out between 0% and 90%.")


def _of_goals(*, flow: Flow) -> Iterator[Problem]:
    for goal in (flow.goal, *flow.also):
        if not goal.metric or not 1 <= goal.window_days <= LONGEST_DAYS:
            yield _whole(
                "指標「{metric}」の期間は1～{most}日にしてください。",
                "Metric “{metric}” needs a window of 1 to {most} days.",
                metric=goal.metric,
                most=LONGEST_DAYS,
            )


def _of_shape(*, flow: Flow) -> Iterator[Problem]:
    """Steps that nobody can reach, and circles: a practice has an end for everybody."""
    reached: set[str] = set()
    todo = [arm.first for arm in flow.arms if arm.first in flow.nodes]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += [one for one in followers(node=flow.nodes[name]) if one in flow.nodes]
    for name in flow.nodes:
        if name not in reached:
            words = Words(
                ja="どこからも進めません。つなぐか、削除してください。", en="No step leads here. Connect or delete it."
            )
            yield Problem(node=name, words=words)
    for name in _circle(flow=flow):
        words = Words(ja="同じステップに戻る流れになっています。先へ進むようにしてください。",
                      en="The steps go round in a circle here. Lead on to a later step.")  # fmt: skip
        yield Problem(node=name, words=words)


def _circle(*, flow: Flow) -> list[str]:
    """The first step of a circle, if there is one: what is left after taking away steps that lead nowhere further."""
    open_ = {name: {one for one in followers(node=node) if one in flow.nodes} for name, node in flow.nodes.items()}
    while ended := [name for name, after in open_.items() if not after]:
        for name in ended:
            del open_[name]
        for after in open_.values():
            after.difference_update(ended)
    return list(open_)[:1]


# ── one step ────────────────────────────────────────────────────────────────────────────────────
def _of_node(*, name: str, node: Node, flow: Flow) -> Iterator[Problem]:
    def say(ja: str, en: str, **values: object) -> Problem:
        return Problem(node=name, words=Words(ja=ja, en=en).fill(**values))

    if not _NODE_NAME.fullmatch(name):
        yield say(
            "ステップのIDは半角英数字・-・_の40文字以内にしてください。",
            "A step's id is at most 40 of a–z, 0–9, - and _.",
        )
    for after in followers(node=node):
        if after not in flow.nodes:
            yield say("次のステップ「{after}」がありません。選び直してください。",
                      "The next step “{after}” is not there. Choose another.", after=after)  # fmt: skip
    if isinstance(node, Wait):
        yield from _of_wait(name=name, wait=node)
    elif isinstance(node, Branch):
        yield from _of_condition(name=name, condition=node.condition)
    yield from _of_arrival(name=name, node=node, flow=flow)
    yield from _of_hours(name=name, node=node)
    yield from (Problem(node=name, words=words) for stands, words in _must_be_said(node=node) if not stands)


def _must_be_said(*, node: Node) -> Iterator[tuple[bool, Words]]:
    """Each text the step needs: whether it stands, and what to do when it does not."""
    if isinstance(node, Send | Survey):
        yield bool(node.template.strip()), Words(ja="文面を選んでください。", en="Choose a template.")
    if isinstance(node, Survey):
        yield bool(node.survey.strip()), Words(ja="アンケートを選んでください。", en="Choose a survey.")
    if isinstance(node, Coupon):
        yield bool(node.offer.strip()), Words(ja="クーポンを選んでください。", en="Choose an offer.")
    if isinstance(node, TaskStep):
        yield bool(node.title.strip()), Words(ja="タスクの題名を入力してください。", en="Give the task a title.")
    if isinstance(node, Note):
        yield bool(node.text.strip()), Words(ja="メモの内容を入力してください。", en="Write the note's text.")
    if isinstance(node, Tag):
        fits = 0 < len(node.tag.strip()) <= 60
        yield fits, Words(ja="タグは1～60文字で入力してください。", en="A tag has 1 to 60 characters.")


def _of_hours(*, name: str, node: Node) -> Iterator[Problem]:
    if isinstance(node, Send | Survey) and not 1 <= node.stale_hours <= 24 * 60:
        words = Words(
            ja="遅れの限度は1～1440時間にしてください。", en="The limit for being late must be 1 to 1440 hours."
        )
        yield Problem(node=name, words=words)
    if isinstance(node, TaskStep) and not 1 <= node.due_hours <= 24 * 60:
        words = Words(ja="タスクの期限は1～1440時間にしてください。", en="A task must be due within 1 to 1440 hours.")
        yield Problem(node=name, words=words)


def _of_arrival(*, name: str, node: Node, flow: Flow) -> Iterator[Problem]:
    asked = node.condition.asked if isinstance(node, Branch) else ""
    asks = asked in {"delivered", "delivered_late"} or (isinstance(node, Send) and node.premise is not None)
    if asks and not is_about_an_order(flow=flow):
        words = Words(
            ja="お届けを確かめられるのは、注文か配送をきっかけにした接客方法だけです。",
            en="Only a practice that an order or a delivery starts can ask about the delivery.",
        )
        yield Problem(node=name, words=words)


def _of_wait(*, name: str, wait: Wait) -> Iterator[Problem]:
    def say(ja: str, en: str, **values: object) -> Problem:
        return Problem(node=name, words=Words(ja=ja, en=en).fill(**values))

    if min(wait.days, wait.hours) < 0 or wait.days + wait.hours / 24 > LONGEST_DAYS:
        yield say("待つ長さは0～{most}日にしてください。", "A wait lasts 0 to {most} days.", most=LONGEST_DAYS)
    if wait.until_local_hour is not None and not 0 <= wait.until_local_hour <= 23:
        yield say("時刻は0～23時にしてください。", "The hour must be 0 to 23.")
    if wait.until_fact and not 1 <= (wait.timeout_days or 0) <= LONGEST_DAYS:
        yield say("出来事を待つ期限を1～{most}日で決めてください。",
                  "Say how long to wait for it at most: 1 to {most} days.", most=LONGEST_DAYS)  # fmt: skip
    if wait.until_fact and (wait.days or wait.hours):
        yield say("出来事を待つときは、日数・時間でなく期限だけを決めてください。",
                  "When waiting for something to happen, give the longest wait only, no days or hours.")  # fmt: skip
    if not (wait.days or wait.hours or wait.until_fact or wait.until_local_hour is not None):
        yield say("待つ長さ・時刻・出来事のどれかを決めてください。", "Say how long, until which hour, or for what.")


def _of_condition(*, name: str, condition: Condition) -> Iterator[Problem]:
    lacking = {
        "score": condition.score_min is None and condition.score_max is None,
        "segment": condition.segment is None,
        "has_channel": condition.channel is None,
    }
    if lacking.get(condition.asked):
        words = Words(ja="分岐の条件を最後まで選んでください。", en="Complete the question of this branch.")
        yield Problem(node=name, words=words)
    yield from _of_range(node=name, low=condition.score_min, high=condition.score_max)
