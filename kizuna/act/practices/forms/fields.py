"""Which fields each part of a practice has, with their wording and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kizuna.act.practices.rules import wording
from kizuna.words import Words

Kind = Literal["number", "share", "text", "area", "select", "many", "codes"]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in. ``share`` is typed in per cent, ``codes`` are codes with commas between them.

    ``redraws``: the form is drawn again when it changes, since other fields depend on it.
    """

    name: str
    words: Words
    kind: Kind
    options: Options = ()
    blank: Words | None = None
    broad: bool = False
    redraws: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A field with its address in the form and what stands in it."""

    field: Field
    key: str
    value: str
    values: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The key as an element's id that a selector can name."""
        return self.key.replace(":", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What this company has to choose from, as (code, wording)."""

    templates: Options
    offers: Options
    surveys: Options
    instruments: Options
    touchpoints: Options
    stores: Options
    metrics: Options
    tracks_opens: bool = True


def filled(*, fields: Sequence[Field], values: Mapping[str, str], prefix: str) -> list[Filled]:
    """The fields with their values; several values are kept with line breaks between them."""
    return [
        Filled(
            field=one,
            key=f"{prefix}{one.name}",
            value=values.get(one.name, ""),
            values=tuple(values.get(one.name, "").split("\n")) if one.kind == "many" else (),
        )
        for one in fields
    ]


TRIGGERS: Options = tuple(
    [(f"fact:{key}", key) for key in wording.FACTS]
    + [("quiet", "quiet"), ("date:birthday", "birthday"), ("date:anniversary", "anniversary")]
)
"""Every way to begin, as the form names them."""


def _trigger_options() -> Options:
    facts = [(f"fact:{key}", str(words)) for key, words in wording.FACTS.items()]
    dates = [(f"date:{key}", str(words)) for key, words in wording.DATES.items()]
    quiet = str(Words(ja="しばらくご注文がないとき", en="After some time without an order"))
    return (*facts, ("quiet", quiet), *dates)


def trigger_fields(*, kind: str, choices: Choices) -> tuple[Field, ...]:
    """The trigger and what can be said more closely about it."""
    start = Field(
        name="trigger",
        words=Words(ja="いつ始めますか", en="When does it start?"),
        kind="select",
        options=_trigger_options(),
        broad=True,
        redraws=True,
    )
    if kind == "quiet":
        return (start, _number("days", "ご注文のない日数", "Days without an order"))
    if kind.startswith("date:"):
        return (start, _number("days_before", "何日前に始めますか", "How many days before"))
    more: list[Field] = []
    if kind in {"fact:ordered", "fact:delivered", "fact:delivered_late", "fact:promise_missed"}:
        more.append(_number("nth_order", "何回目の注文（空欄: 毎回）", "Which order (empty: every)"))
    if kind == "fact:answered":
        more.append(_select("instrument", "設問", "Question", choices.instruments, blank=_ANY))
        more.append(_select("touchpoint", "接点", "Touchpoint", choices.touchpoints, blank=_ANY))
    if kind in {"fact:answered", "fact:reviewed"}:
        more += [_number("score_min", "点数（以上）", "Score from"), _number("score_max", "点数（以下）", "Score to")]
    return (start, *more)


def whole_fields(*, choices: Choices) -> tuple[Field, ...]:
    """For whom: everything that narrows the customers."""
    return (
        _many("segments", "顧客区分", "Segments", _named(wording.SEGMENTS)),
        _many("nps_groups", "直近の推奨度", "Latest NPS", _named(wording.NPS_GROUPS)),
        _many("channels_consented", "受信の同意", "Has agreed to", _named(_CONSENTED)),
        _many("stores", "店舗", "Stores", choices.stores),
        _number("min_orders", "注文回数（以上）", "Orders from"),
        _number("max_orders", "注文回数（以下）", "Orders to"),
        Field(
            name="top_share", words=Words(ja="お買い上げ額の上位（%）", en="Best customers by sales (%)"), kind="share"
        ),
        Field(
            name="products", words=Words(ja="商品コード（カンマ区切り）", en="Product codes, with commas"), kind="codes"
        ),
        Field(
            name="categories", words=Words(ja="カテゴリ（カンマ区切り）", en="Categories, with commas"), kind="codes"
        ),
    )


def step_fields(*, kind: str, asked: str, choices: Choices) -> tuple[Field, ...]:
    """The fields of one kind of step; ``asked`` is the branch's question."""
    if kind == "branch":
        return _branch(asked=asked, choices=choices)
    if kind in {"send", "survey"}:
        which = _select("survey", "アンケート", "Survey", choices.surveys, blank=_CHOOSE)
        premise = _select(
            "premise", "送る直前に確かめること", "Only if still", _named(wording.PREMISES), blank=_NOTHING
        )
        return (
            *((which,) if kind == "survey" else ()),
            _select("template", "文面", "Template", choices.templates, blank=_CHOOSE),
            _select("channel", "経路", "Channel", _named(wording.CHANNELS)),
            _select("late", "遅れたとき", "When late", _named(wording.LATE)),
            _number("stale_hours", "遅れの限度（時間）", "Late after (hours)"),
            *((premise,) if kind == "send" else ()),
        )
    if kind == "coupon":
        return (_select("offer", "クーポン", "Coupon", choices.offers, blank=_CHOOSE),)
    return _fixed(tracks_opens=choices.tracks_opens)[kind]


def _awaited(*, tracks_opens: bool) -> Options:
    options = dict(wording.AWAITED)
    if not tracks_opens:
        unseen = Words(ja="（開封の記録がオフのため使えません）", en=" (opens are not tracked)")
        options["opened"] = Words(ja=options["opened"].ja + unseen.ja, en=options["opened"].en + unseen.en)
    return _named(options)


def _fixed(*, tracks_opens: bool) -> dict[str, tuple[Field, ...]]:
    """The kinds of step whose fields depend on nothing."""
    return {
        "wait": (
            _number("days", "日数", "Days"),
            _number("hours", "時間", "Hours"),
            _number("until_local_hour", "次に進む時刻（0～23時）", "Goes on at (hour, 0–23)"),
            _select(
                "until_fact", "出来事を待つ場合", "Or wait for", _awaited(tracks_opens=tracks_opens), blank=_NOTHING
            ),
            _number("timeout_days", "出来事を待つ上限（日）", "Wait at most (days)"),
        ),
        "task": (
            _select("kind", "種類", "Kind", _named(wording.TASKS)),
            _number("due_hours", "期限（時間）", "Due within (hours)"),
            _text("title", "題名", "Title"),
            Field(name="body", words=Words(ja="内容・文案", en="What to do, draft"), kind="area", broad=True),
        ),
        "note": (Field(name="text", words=Words(ja="メモの内容", en="Note"), kind="area", broad=True),),
        "tag": (_text("tag", "タグ", "Tag"),),
    }


def _branch(*, asked: str, choices: Choices) -> tuple[Field, ...]:
    more: dict[str, tuple[Field, ...]] = {
        "score": (
            _select("instrument", "設問", "Question", choices.instruments, blank=_ANY),
            _number("score_min", "点数（以上）", "Score from"),
            _number("score_max", "点数（以下）", "Score to"),
        ),
        "segment": (_select("segment", "顧客区分", "Segment", _named(wording.SEGMENTS), blank=_CHOOSE),),
        "has_channel": (_select("condition_channel", "経路", "Channel", _named(_CONSENTED), blank=_CHOOSE),),
    }
    question = Field(
        name="asked",
        words=Words(ja="確かめること", en="Question"),
        kind="select",
        options=tuple((key, str(words)) for key, words in QUESTIONS.items()),
        redraws=True,
    )
    return (question, *more.get(asked, ()))


_ANY = Words(ja="問わない", en="any")
_NOTHING = Words(ja="―", en="—")
_CHOOSE = Words(ja="選んでください", en="Choose")
_CONSENTED = {key: wording.CHANNELS[key] for key in ("mail", "line", "sms")}
QUESTIONS: dict[str, Words] = {
    "ordered_since": Words(ja="その後に注文があったか", en="Ordered since"),
    "answered_since": Words(ja="その後に回答があったか", en="Answered since"),
    **wording.ARRIVED,
    "score": Words(ja="点数の範囲", en="Score"),
    "segment": Words(ja="顧客区分", en="Segment"),
    "has_channel": Words(ja="連絡できる経路", en="Can be reached"),
}


def _number(name: str, ja: str, en: str) -> Field:
    return Field(name=name, words=Words(ja=ja, en=en), kind="number")


def _text(name: str, ja: str, en: str) -> Field:
    return Field(name=name, words=Words(ja=ja, en=en), kind="text")


def _select(name: str, ja: str, en: str, options: Options, *, blank: Words | None = None) -> Field:
    return Field(name=name, words=Words(ja=ja, en=en), kind="select", options=options, blank=blank)


def _many(name: str, ja: str, en: str, options: Options) -> Field:
    return Field(name=name, words=Words(ja=ja, en=en), kind="many", options=options, broad=True)


def _named(names: Mapping[str, Words]) -> Options:
    return tuple((key, str(words)) for key, words in names.items())
