"""S, M, A, R, T: each letter with the sentence that says why it holds, or what to mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kizuna.prove.goals.rules.goal import GoalDraft
from kizuna.prove.goals.rules.months import between, known_on
from kizuna.prove.goals.rules.outlook import Outlook, variance_of
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.stats.forecast import confirmable_change
from kizuna.understand.metrics.queries.text import reason_words
from kizuna.words import Words

Print = Callable[[float], str]
Apart = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. ``holds`` is None when nobody can tell yet."""

    letter: str
    title: Words
    holds: bool | None
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that the letters rest on. ``gain`` is the most that proven practices may still give; ``text`` prints a value
    of the metric and ``apart`` a difference of two.
    """

    draft: GoalDraft
    subject: str
    dims: tuple[str, ...]
    up: bool
    start: Estimate | NotEnough
    outlook: Outlook
    gain: float
    owner: str
    owner_stores: tuple[str, ...]
    mature_days: int
    today: date
    text: Print
    apart: Apart


def letters(*, known: Known) -> tuple[Letter, ...]:
    """All five."""
    return (
        _letter("S", Words(ja="具体的", en="Specific"), _specific(known)),
        _letter("M", Words(ja="測れる", en="Measurable"), _measurable(known)),
        _letter("A", Words(ja="届きうる", en="Achievable"), _achievable(known)),
        _letter("R", Words(ja="自分たちで動かせる", en="Realistic"), _realistic(known)),
        _letter("T", Words(ja="期限がある", en="Time-bound"), _time_bound(known)),
    )


def _letter(letter: str, title: Words, found: tuple[bool | None, Words]) -> Letter:
    return Letter(letter=letter, title=title, holds=found[0], words=found[1])


def _specific(known: Known) -> tuple[bool | None, Words]:
    draft = known.draft
    if draft.level == "store" and not draft.store:
        return False, Words(ja="どの店舗の目標かを選んでください。", en="Choose the store it is for.")
    if draft.level in {"person", "team"} and not draft.where and {"store", "touchpoint"} & set(known.dims):
        return False, Words(
            ja="会社全体の数字を見ています。担当する店舗か接点に絞ると、何をするかが決まります。",
            en="It looks at the whole company. Narrow it to the store or touchpoint they work at.",
        )
    return True, Words(ja=f"「{known.subject}」に絞られています。", en=f"It is about one thing: {known.subject}.")


def _measurable(known: Known) -> tuple[bool | None, Words]:
    start = known.start
    if isinstance(start, NotEnough):
        why = reason_words(result=start)
        return False, Words(ja=f"いまの値を測れません：{why.ja}。", en=f"It cannot be measured now: {why.en}.")
    text = known.text
    return True, Words(
        ja=f"始めの値は{text(start.value)}（95%区間 {text(start.low)} ～ {text(start.high)}、{start.n:,}件）です。",
        en=f"It starts at {text(start.value)} (95% from {text(start.low)} to {text(start.high)}, n = {start.n:,}).",
    )


def _achievable(known: Known) -> tuple[bool | None, Words]:
    draft, start, fan = known.draft, known.start, known.outlook.fan
    if isinstance(start, NotEnough):
        return None, Words(ja="始めの値が分かると判断できます。", en="This can be told once there is a starting value.")
    if (draft.target <= start.value) if known.up else (draft.target >= start.value):
        return False, Words(
            ja="目標がいまの値より良くなっていません。", en="The target is no better than today's value."
        )
    if start.low <= draft.target <= start.high:
        return False, Words(
            ja="目標が始めの値の区間に入っています。何も変わらなくても届くことがあるので、もう少し高くしてください。",
            en="The target lies within the start's own interval: it may be met with nothing changed. Aim further.",
        )
    if not fan:
        return None, Words(
            ja="これまでの月の記録が足りず、届くかどうかを見積もれません。",
            en="There are too few months to tell what can be reached.",
        )
    return _within_reach(known)


def _within_reach(known: Known) -> tuple[bool | None, Words]:
    target, text = known.draft.target, known.text
    low, high = known.outlook.fan[-1].outer
    best = high if known.up else low
    short = (target - best) if known.up else (best - target)
    if short <= 0:
        return True, Words(
            ja=f"これまでの月ごとの動きで、期限の月には{text(low)} ～ {text(high)} がありえます。目標はこの中です。",
            en=f"As the months have moved, {text(low)} to {text(high)} is possible by then. The target is inside.",
        )
    if known.gain >= short:
        return True, Words(
            ja=f"月ごとの動きだけでは{text(best)}までですが、効果の確かめられた接客方法を広げれば届きえます。",
            en=f"The months alone reach {text(best)}; with practices that are proven to work it is within reach.",
        )
    return False, Words(
        ja=f"これまでの動きで届きうるのは{text(best)}までです。確かめられた接客方法の効果を足しても届きません。"
        "目標を近づけるか、期限を延ばしてください。",
        en=f"The months have moved so that {text(best)} is the most to expect, and proven practices do not close the "
        "gap. Bring the target nearer or move the date.",
    )


def _realistic(known: Known) -> tuple[bool | None, Words]:
    draft = known.draft
    if not known.owner:
        return False, Words(ja="責任を持つ人を決めてください。", en="Name the person who answers for it.")
    if draft.store and known.owner_stores and draft.store not in known.owner_stores:
        return False, Words(
            ja=f"{known.owner}さんはこの店舗の担当ではありません。動かせる人を選んでください。",
            en=f"{known.owner} does not belong to this store. Choose somebody who can act there.",
        )
    if not draft.why.strip():
        return False, Words(
            ja="なぜ大切で、何をするのかを書いてください。", en="Say why it matters and what will be done."
        )
    return True, Words(
        ja=f"{known.owner}さんが、動かせる範囲の数字に責任を持ちます。",
        en=f"{known.owner} answers for a number that they can move.",
    )


def _time_bound(known: Known) -> tuple[bool | None, Words]:
    draft, start, latest = known.draft, known.start, known.outlook.latest
    left = between(first=known.today.replace(day=1), last=draft.due_month)
    if left < 1:
        return False, Words(ja="期限は来月以降の月にしてください。", en="The due month has to lie ahead.")
    told = known_on(month=draft.due_month, mature_days=known.mature_days)
    if isinstance(start, NotEnough) or latest is None:
        return None, Words(ja="値が測れると判断できます。", en="This can be told once there are measurements.")
    change = abs(draft.target - start.value)
    least = confirmable_change(variance_before=variance_of(found=start), variance_after=variance_of(found=latest))
    if change < least:
        return False, Words(
            ja=f"この期間では達成を確かめられません。1か月{latest.n:,}件の記録では、{known.apart(least)}より小さな"
            f"変化は偶然と区別できません（目標までは{known.apart(change)}）。記録を増やすか、目標を見直してください。",
            en=f"Reaching it could not be confirmed in this time: with {latest.n:,} a month, changes under "
            f"{known.apart(least)} cannot be told from chance (the target is {known.apart(change)} away). "
            "Collect more, or aim further.",
        )
    return True, Words(
        ja=f"あと{left}か月です。{told.year}年{told.month}月{told.day}日に結果が分かり、"
        f"{known.apart(least)}以上の変化なら偶然と区別できます。",
        en=f"{left} months are left. The result is known on {told:%d %b %Y}, and changes of {known.apart(least)} or "
        "more can be told from chance.",
    )
