"""Whether the delivery came as promised."""

from kizuna.understand.metrics.rules.definition import Better, Kind, Metric
from kizuna.words import Words

METRICS: tuple[Metric, ...] = (
    Metric(
        name="delivery_promise_kept",
        words=Words(ja="配送の約束を守った割合", en="Delivery promise kept"),
        kind=Kind.SHARE,
        table="shipments",
        keep=lambda t: t.promised_at.notnull() & t.delivered_at.notnull(),
        value=lambda t: (t.delivered_at <= t.promised_at).cast("float64"),
        unit="share",
        high=1.0,
        mature_days=1,
        definition=Words(
            ja="お届けを約束した荷物のうち、約束の日時までに届いた割合です。"
            "時刻のない約束はその日の終わり（日本時間）までとします。"
            "届いた日時が分からない荷物は数えません。"
            "約束の日が終わった荷物だけを数えます（早く届いた荷物だけが先に数えられるのを防ぐため）。"
            "期間は約束の日で区切ります。",
            en="The share of promised parcels that arrived by the promised time; a promise without a time runs to the "
            "end of that day, JST. Parcels whose arrival is not known do not count. A parcel counts once its promised "
            "day is over, so that early ones are not counted ahead of late ones. Periods go by the promised day.",
        ),
        formula=Words(ja="約束までに届いた荷物数 ÷ 届いた荷物数", en="parcels in time / parcels delivered"),
        source="E. B. Wilson, JASA 22 (1927) 209-212",
    ),
    Metric(
        name="delivery_days",
        words=Words(ja="出荷から到着までの日数", en="Days from dispatch to arrival"),
        kind=Kind.MEAN,
        table="shipments",
        keep=lambda t: t.shipped_at.notnull() & t.delivered_at.notnull() & (t.delivered_at >= t.shipped_at),
        value=lambda t: (t.delivered_at.epoch_seconds() - t.shipped_at.epoch_seconds()).cast("float64") / 86_400.0,
        unit="days",
        better=Better.DOWN,
        definition=Words(
            ja="出荷から到着までの日数（24時間単位、小数あり）の平均です。両方の日時が分かる荷物だけを数え、"
            "到着が出荷より前の記録は除きます。"
            "期間は約束の日（なければ到着日）で区切ります。",
            en="The mean time from dispatch to arrival in days of 24 hours. Only parcels with both times count; "
            "records "
            "that arrive before they are sent are left out. Periods go by the promised day, else the arrival.",
        ),
        formula=Words(ja="Σ（到着 − 出荷）÷ 荷物数", en="Σ (arrival - dispatch) / parcels"),
        source="Student, Biometrika 6 (1908) 1-25",
    ),
)
