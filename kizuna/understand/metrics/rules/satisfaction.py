"""What customers say: NPS, CSAT, CES, the company's own questions and the number of answers."""

from kizuna.understand.metrics.rules.definition import Better, Kind, Metric, Table
from kizuna.words import Words

_REICHHELD = "F. F. Reichheld, The One Number You Need to Grow, Harvard Business Review 81(12) (2003); "
_TANGO = "T. Tango, Statistics in Medicine 17 (1998) 891-908"
_WILSON = "E. B. Wilson, JASA 22 (1927) 209-212"
_SEGMENT_JA = "顧客区分は回答した時点のものです（それまでの有効な注文が0～1件なら「新規」、2件以上なら「リピート」）。"
_SEGMENT_EN = (
    "The segment is the one at the moment of the answer (new: 0-1 kept orders before it, repeat: two or more)."
)


def _nps_value(t: Table) -> Table:
    return (t.score >= 9).cast("float64") - (t.score <= 6).cast("float64")


def _satisfied(t: Table) -> Table:
    return (t.score >= (t.instrument == "csat7").ifelse(6, 4)).cast("float64")


METRICS: tuple[Metric, ...] = (
    Metric(
        name="nps",
        words=Words(ja="NPS（推奨度）", en="NPS"),
        kind=Kind.NPS,
        table="answers",
        keep=lambda t: t.instrument == "nps",
        value=_nps_value,
        unit="points",
        low=-100.0,
        high=100.0,
        decimals=1,
        definition=Words(
            ja="0～10点の「すすめたいか」への回答のうち、"
            "推奨者（9～10点）の割合から批判者（0～6点）の割合を引いた値です。"
            "0～10点の設問だけを数え、1～10点の回答は含めません。" + _SEGMENT_JA,
            en="Of the answers to «how likely are you to recommend us» on 0-10, the share of promoters (9-10) "
            "minus the "
            "share of detractors (0-6). Only 0-10 questions count; answers on 1-10 never do. " + _SEGMENT_EN,
        ),
        formula=Words(ja="100 ×（推奨者数 − 批判者数）÷ 回答数", en="100 × (promoters - detractors) / answers"),
        source=_REICHHELD + _TANGO,
    ),
    Metric(
        name="top_two_box_1to10",
        words=Words(ja="推奨意向 上位2点の割合（1～10点）", en="Top-two box on 1-10"),
        kind=Kind.SHARE,
        table="answers",
        keep=lambda t: t.instrument == "nps1to10",
        value=lambda t: (t.score >= 9).cast("float64"),
        unit="share",
        high=1.0,
        definition=Words(
            ja="1～10点の推奨意向のうち9～10点の割合です。尺度に0点がないためNPSとは呼ばず、NPSとは比べません。"
            + _SEGMENT_JA,
            en="The share of 9-10 among answers on a 1-10 scale. Without a 0 the scale is not the NPS scale, so "
            "this is "
            "not called NPS and is never compared with it. " + _SEGMENT_EN,
        ),
        formula=Words(ja="9～10点の回答数 ÷ 回答数", en="answers of 9-10 / answers"),
        source=_WILSON,
    ),
    Metric(
        name="csat",
        words=Words(ja="満足度（CSAT）", en="CSAT"),
        kind=Kind.SHARE,
        table="answers",
        keep=lambda t: t.instrument.isin(["csat5", "csat7"]),
        value=_satisfied,
        unit="share",
        high=1.0,
        definition=Words(
            ja="満足と答えた人の割合です。5段階では4～5点、7段階では6～7点を「満足」と数えます。"
            "点数の平均は尺度が違うと混ぜられないため使いません。" + _SEGMENT_JA,
            en="The share of satisfied answers: 4-5 on the 5-point scale, 6-7 on the 7-point scale. Each answer "
            "is first "
            "judged on its own scale; scores of different scales are never averaged. " + _SEGMENT_EN,
        ),
        formula=Words(ja="満足の回答数 ÷ 回答数", en="satisfied answers / answers"),
        source=_WILSON,
    ),
    Metric(
        name="csat5",
        words=Words(ja="満足度（5段階）", en="CSAT on 5 points"),
        kind=Kind.SHARE,
        table="answers",
        keep=lambda t: t.instrument == "csat5",
        value=lambda t: (t.score >= 4).cast("float64"),
        unit="share",
        high=1.0,
        definition=Words(
            ja="5段階の満足度で4～5点の割合です。" + _SEGMENT_JA,
            en="The share of 4-5 among answers on the 5-point satisfaction scale. " + _SEGMENT_EN,
        ),
        formula=Words(ja="4～5点の回答数 ÷ 回答数", en="answers of 4-5 / answers"),
        source=_WILSON,
    ),
    Metric(
        name="csat7",
        words=Words(ja="満足度（7段階）", en="CSAT on 7 points"),
        kind=Kind.SHARE,
        table="answers",
        keep=lambda t: t.instrument == "csat7",
        value=lambda t: (t.score >= 6).cast("float64"),
        unit="share",
        high=1.0,
        definition=Words(
            ja="7段階の満足度で6～7点の割合です。" + _SEGMENT_JA,
            en="The share of 6-7 among answers on the 7-point satisfaction scale. " + _SEGMENT_EN,
        ),
        formula=Words(ja="6～7点の回答数 ÷ 回答数", en="answers of 6-7 / answers"),
        source=_WILSON,
    ),
    Metric(
        name="ces",
        words=Words(ja="努力度（CES 2.0、平均）", en="CES 2.0 (mean)"),
        kind=Kind.MEAN,
        table="answers",
        keep=lambda t: t.instrument == "ces7",
        value=lambda t: t.score.cast("float64"),
        unit="score",
        low=1.0,
        high=7.0,
        definition=Words(
            ja="「簡単に解決できた」への同意（1～7点、7点が最も簡単）の平均です。" + _SEGMENT_JA,
            en="The mean agreement with «it was easy» on 1-7, where 7 is easiest. " + _SEGMENT_EN,
        ),
        formula=Words(ja="点数の合計 ÷ 回答数", en="sum of scores / answers"),
        source="M. Dixon, N. Toman, R. DeLisi, The Effortless Experience (2013)",
    ),
    Metric(
        name="ces_easy_share",
        words=Words(ja="簡単だった割合（CES 2.0）", en="Easy share (CES 2.0)"),
        kind=Kind.SHARE,
        table="answers",
        keep=lambda t: t.instrument == "ces7",
        value=lambda t: (t.score >= 5).cast("float64"),
        unit="share",
        high=1.0,
        definition=Words(
            ja="CES 2.0（1～7点）で5～7点の割合です。" + _SEGMENT_JA,
            en="The share of 5-7 among CES 2.0 answers on 1-7. " + _SEGMENT_EN,
        ),
        formula=Words(ja="5～7点の回答数 ÷ 回答数", en="answers of 5-7 / answers"),
        source="M. Dixon, N. Toman, R. DeLisi, The Effortless Experience (2013); " + _WILSON,
    ),
    Metric(
        name="ces1",
        words=Words(ja="努力度（CES 1.0、平均）", en="CES 1.0 (mean)"),
        kind=Kind.MEAN,
        table="answers",
        keep=lambda t: t.instrument == "ces5",
        value=lambda t: t.score.cast("float64"),
        unit="score",
        low=1.0,
        high=5.0,
        better=Better.DOWN,
        definition=Words(
            ja="「どれほど手間がかかったか」（1～5点、1点が最も簡単）の平均です。向きが逆のためCES 2.0とは混ぜません。"
            + _SEGMENT_JA,
            en="The mean of «how much effort did it take» on 1-5, where 1 is easiest. It points the other way, "
            "so it is "
            "kept apart from CES 2.0. " + _SEGMENT_EN,
        ),
        formula=Words(ja="点数の合計 ÷ 回答数", en="sum of scores / answers"),
        source="M. Dixon, K. Freeman, N. Toman, Stop Trying to Delight Your Customers, HBR 88(7/8) (2010)",
    ),
    Metric(
        name="own",
        words=Words(ja="自社の質問「{name}」（平均）", en="Own question «{name}» (mean)"),
        kind=Kind.MEAN,
        table="answers",
        keep=lambda t: t.instrument.startswith("own:"),
        value=lambda t: t.score.cast("float64"),
        unit="score",
        low=None,
        family=True,
        definition=Words(
            ja="自社で決めた質問への点数の平均です。質問ごとに別の指標で、互いに混ぜません。" + _SEGMENT_JA,
            en="The mean score on a question of the company's own. Each question is a metric of its own. "
            + _SEGMENT_EN,
        ),
        formula=Words(ja="点数の合計 ÷ 回答数", en="sum of scores / answers"),
        source="Student, Biometrika 6 (1908) 1-25",
    ),
    Metric(
        name="answer_count",
        words=Words(ja="回答数", en="Answers"),
        kind=Kind.TOTAL,
        table="answers",
        value=lambda t: (t.score == t.score).cast("float64"),
        unit="count",
        better=Better.NEITHER,
        decimals=0,
        definition=Words(
            ja="すべての設問への回答の数です。区間は、同じ状況でもう一度数えたときの揺れを表します。" + _SEGMENT_JA,
            en="How many answers were given to any question. The interval is how much the count would vary if the same "
            "period happened again. " + _SEGMENT_EN,
        ),
        formula=Words(ja="回答の数", en="number of answers"),
        source="Compound Poisson total, Var(Σy) ≈ Σy²",
    ),
)
