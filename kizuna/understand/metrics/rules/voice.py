"""What customers write in public, and what staff hear: reviews and notes."""

from kizuna.understand.metrics.rules.definition import Better, Kind, Metric
from kizuna.words import Words

_DAY_JA = "日付は投稿日（日本時間）です。"
_DAY_EN = "The day is the JST day of the review."

METRICS: tuple[Metric, ...] = (
    Metric(
        name="review_score",
        words=Words(ja="レビュー評価", en="Review score"),
        kind=Kind.MEAN,
        table="reviews",
        value=lambda t: t.rating.cast("float64"),
        unit="score",
        low=1.0,
        high=5.0,
        definition=Words(
            ja="公開レビューの評価（1～5）の平均です。別の尺度の評価は1～5に直してから平均します。" + _DAY_JA,
            en="The mean public rating on 1-5; ratings on another scale are converted to 1-5 first. " + _DAY_EN,
        ),
        formula=Words(ja="評価の合計 ÷ レビュー数", en="sum of ratings / reviews"),
        source="Student, Biometrika 6 (1908) 1-25",
    ),
    Metric(
        name="low_review_share",
        words=Words(ja="低評価レビューの割合", en="Share of low reviews"),
        kind=Kind.SHARE,
        table="reviews",
        value=lambda t: (t.rating <= 2).cast("float64"),
        unit="share",
        high=1.0,
        better=Better.DOWN,
        definition=Words(
            ja="公開レビューのうち評価が2以下のもの（苦情にあたるもの）の割合です。" + _DAY_JA,
            en="The share of public reviews rated 2 or less: complaints. " + _DAY_EN,
        ),
        formula=Words(ja="評価2以下のレビュー数 ÷ レビュー数", en="reviews of 2 or less / reviews"),
        source="E. B. Wilson, JASA 22 (1927) 209-212",
    ),
    Metric(
        name="review_count",
        words=Words(ja="レビュー数", en="Reviews"),
        kind=Kind.TOTAL,
        table="reviews",
        value=lambda t: t.rating.notnull().cast("float64"),
        unit="count",
        better=Better.NEITHER,
        decimals=0,
        definition=Words(ja="公開レビューの数です。" + _DAY_JA, en="How many public reviews there were. " + _DAY_EN),
        formula=Words(ja="レビューの数", en="number of reviews"),
        source="Compound Poisson total, Var(Σy) ≈ Σy²",
    ),
    Metric(
        name="note_count",
        words=Words(ja="接客メモの数", en="Staff notes"),
        kind=Kind.TOTAL,
        table="notes",
        value=lambda t: t.note_id.notnull().cast("float64"),
        unit="count",
        better=Better.NEITHER,
        decimals=0,
        definition=Words(
            ja="スタッフが残した接客メモの数です。内容は数に影響しません。",
            en="How many notes staff took. What they say does not matter here.",
        ),
        formula=Words(ja="メモの数", en="number of notes"),
        source="Compound Poisson total, Var(Σy) ≈ Σy²",
    ),
)
