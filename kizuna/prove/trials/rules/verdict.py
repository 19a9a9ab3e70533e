"""The three words, when they are earned, and why not yet."""

from dataclasses import dataclass
from enum import StrEnum

from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries.text import reason_words
from kizuna.understand.metrics.rules.definition import Better
from kizuna.words import Words

ALPHA = 0.05


class Verdict(StrEnum):
    """What may be said of a practice and a metric."""

    WORKS = "works"
    UNCLEAR = "unclear"
    HARMS = "harms"


VERDICT_WORDS: dict[Verdict, Words] = {
    Verdict.WORKS: Words(ja="効果あり", en="Works"),
    Verdict.UNCLEAR: Words(ja="まだわからない", en="Not known yet"),
    Verdict.HARMS: Words(ja="逆効果", en="Backfires"),
}
GRADES: dict[int, Words] = {
    3: Words(ja="★3 くじ引きで分けた比較", en="★3 drawn by lot"),
    2: Words(ja="★2 くじ引きのない比較", en="★2 compared without a lot"),
    1: Words(ja="★1 関連を見ただけ", en="★1 association only"),
}
GRADE_NOTES: dict[int, Words] = {
    3: Words(
        ja="この接客方法を届ける人と届けない人を、顧客ごとのくじ引きで分けています。差は接客方法によるものと言えます。",
        en="Who is served and who is not was drawn by lot for each customer, so a difference is due to the practice.",
    ),
    2: Words(
        ja="くじ引きをしていないため、もともとの違いが混ざっている可能性があります。参考としてご覧ください。",
        en="Nobody drew lots, so the groups may have differed from the start. Read it as a strong hint.",
    ),
    1: Words(
        ja="接客方法と同時に起きたことを並べただけです。効果とは言えません。",
        en="This only shows what happened together. It is not an effect.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict and the sentence that gives its reason."""

    verdict: Verdict
    because: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a verdict rests on. Both p hold under every look; ``p_alone`` is before other metrics are minded."""

    value: float | None
    p: float | None
    p_alone: float | None = None
    better: Better
    grade: int
    sample_ratio_alert: bool = False
    response_alert: bool = False
    narrowed: bool = False
    missing: NotEnough | None = None


def judge(*, case: Case) -> Judgement:
    """効果あり or 逆効果 only when nothing speaks against it and chance is ruled out; else まだわからない."""
    against = _against(case)
    if against is not None:
        return Judgement(verdict=Verdict.UNCLEAR, because=against)
    if case.value is None or case.p is None or case.p >= ALPHA:
        alone = case.p_alone is not None and case.p_alone < ALPHA
        return Judgement(verdict=Verdict.UNCLEAR, because=_ONE_OF_MANY if alone else _CHANCE)
    good = (case.value > 0) == (case.better is Better.UP)
    return Judgement(verdict=Verdict.WORKS if good else Verdict.HARMS, because=_GOOD if good else _BAD)


def _against(case: Case) -> Words | None:
    if case.missing is not None:
        return missing_words(missing=case.missing)
    if case.sample_ratio_alert:
        return _SAMPLE_RATIO
    if case.response_alert:
        return _RESPONSE
    if case.grade <= 1:
        return _CORRELATION
    if case.narrowed:
        return _NARROWED
    return _NEITHER if case.better is Better.NEITHER else None


def missing_words(*, missing: NotEnough) -> Words:
    """Why there is no number, in a sentence of the trials."""
    known = _MISSING.get(missing.reason)
    return reason_words(result=missing) if known is None else known.fill(have=missing.have, need=missing.need)


_GOOD = Words(
    ja="偶然では説明できない良い差があります。", en="There is a difference for the better that chance does not explain."
)
_BAD = Words(
    ja="偶然では説明できない悪い差があります。見直しをおすすめします。",
    en="There is a difference for the worse that chance does not explain. Please reconsider the practice.",
)
_CHANCE = Words(
    ja="いまの差は偶然でも起こりうる大きさです。", en="A difference of this size can still come about by chance."
)
_ONE_OF_MANY = Words(
    ja="この指標だけを見れば差がありますが、いくつも比べれば偶然でも1つはこの程度になります。",
    en="Alone this would be a difference; among several that are compared, one like it comes up by chance.",
)
_SAMPLE_RATIO = Words(
    ja="群の人数が、決めた割合から大きくずれています。割り当ての不具合が疑われるため、判定しません。",
    en="The groups are far from the shares that were set. Something went wrong with the assignment: no verdict.",
)
_RESPONSE = Words(
    ja="群によって回答率が違います。答えた人の顔ぶれが違うおそれがあるため、判定しません。",
    en="The groups answered at different rates, so those who answered may be different kinds of people: no verdict.",
)
_CORRELATION = Words(
    ja="比べる相手をくじ引きで選んでいないため、効果とは言えません。",
    en="Nobody was drawn by lot to compare with, so this cannot be called an effect.",
)
_NARROWED = Words(
    ja="あとから絞り込んだ集団の数字です。判定は全体に対してだけ行います。",
    en="These are numbers of a group picked afterwards. Verdicts are given for everybody only.",
)
_NEITHER = Words(
    ja="この指標は、高いほど良いとも低いほど良いとも決められません。",
    en="Neither higher nor lower is better for this metric.",
)
_MISSING: dict[str, Words] = {
    "no_control": Words(
        ja="比べる相手（接客方法を届けない人や別の案）がいません。次回は対照群を設けてください。",
        en="There is nobody to compare with. Keep a hold-out next time.",
    ),
    "none_held_out": Words(
        ja="まだ対照群に入った方がいません。人数が増えると比べられます。",
        en="Nobody has fallen into the comparison group yet. It takes more customers.",
    ),
    "none_in_first": Words(
        ja="まだ比べるもとになる案に入った方がいません。人数が増えると比べられます。",
        en="Nobody has fallen to the way that the others are compared with yet. It takes more customers.",
    ),
    "none_served": Words(
        ja="まだ比べる相手だけで、この接客方法を届ける群に入った方がいません。人数が増えると比べられます。",
        en="So far everybody fell into the group to compare with and nobody is to be served. It takes more customers.",
    ),
    "ended_empty": Words(
        ja="一方の群に入った方がいないまま終わったため、比べられません。",
        en="It ended with nobody in one of the groups, so there is nothing to compare.",
    ),
    "no_data": Words(ja="結果の出た人がまだいません。", en="Nobody's outcome is in yet."),
    "too_few": Words(
        ja="少ない方の群で結果の出た人が足りません（{have}人、{need}人以上で計算します）。",
        en="Too few outcomes in the smaller group: {have} of {need} needed.",
    ),
    "no_variation": Words(
        ja="全員が同じ値のため、差を測れません（{have}人）。", en="All values are equal ({have} people)."
    ),
    "too_few_stores": Words(
        ja="店舗が足りません（{have}店、{need}店以上で比べます）。", en="Too few stores: {have} of {need} needed."
    ),
    "nothing_before": Words(
        ja="始める前の記録が足りません（{have}日分あります。始めたあとと同じ{need}日分が要ります）。",
        en="Too few days on record before it began: {have}, and as many as afterwards are needed ({need}).",
    ),
    "no_store_began": Words(
        ja="始めた店舗に、前とあとの両方の記録がそろった店がありません。",
        en="No store that began has figures both before and after.",
    ),
    "no_store_left": Words(
        ja="ほかの店舗に、前とあとの両方の記録がそろった店がありません。",
        en="None of the other stores has figures both before and after.",
    ),
    "too_soon": Words(
        ja="始めてからの記録がまだ{have}日分です（{need}日分から比べます）。",
        en="Only {have} days on record since it began; comparing starts at {need}.",
    ),
    "too_few_periods": Words(
        ja="始める前の記録が短く、動きを比べられません（{have}期間、{need}期間必要です）。",
        en="Too short a record before it began to compare how the stores were moving: {have} of {need} periods.",
    ),
    "no_overlap": Words(
        ja="似た顧客どうしで比べられる人が足りません（{have}人、{need}人必要です）。",
        en="Too few customers have somebody alike to compare with: {have} of {need} needed.",
    ),
    "signed_scale": Words(
        ja="NPSはマイナスにもなるため、増減率では表しません。", en="NPS crosses zero, so no relative change is shown."
    ),
    "baseline_not_positive": Words(
        ja="対照群の値が0以下のため、増減率は出せません。", en="The base is not above zero."
    ),
    "baseline_near_zero": Words(
        ja="対照群の値が0に近く、増減率が安定しません。", en="The base is too near zero for a relative change."
    ),
    "many_each": Words(
        ja="一人に何件もある指標のため、くじ引きなしでは比べられません。",
        en="Customers count several times in this metric, so without a lot it cannot be compared.",
    ),
}
