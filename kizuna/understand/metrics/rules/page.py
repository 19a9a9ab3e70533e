"""The page of one metric in ``docs/metrics/``, written from its definition so that it can never fall behind."""

from collections.abc import Sequence

from kizuna.understand.metrics.rules.compiled import readable, unit_sql
from kizuna.understand.metrics.rules.definition import Better, Kind, Metric
from kizuna.understand.metrics.rules.dims import DIMS, dims_of
from kizuna.understand.metrics.rules.windows import NoWindow, reading_of
from kizuna.words import Words

_INTERVALS: dict[Kind, Words] = {
    Kind.NPS: Words(ja="Tangoのスコア区間", en="Tango's score interval"),
    Kind.SHARE: Words(ja="Wilsonのスコア区間", en="Wilson's score interval"),
    Kind.MEAN: Words(ja="Studentのt区間", en="Student's t interval"),
    Kind.RATIO: Words(ja="Fiellerの区間", en="Fieller's interval"),
    Kind.TOTAL: Words(ja="複合ポアソンの区間（ガンマ近似）", en="compound Poisson interval (gamma limits)"),
    Kind.TOP_SHARE: Words(ja="線形化した分散によるロジット区間", en="linearised variance on the logit scale"),
}
_BETTER: dict[Better, Words] = {
    Better.UP: Words(ja="高いほど良い", en="higher is better"),
    Better.DOWN: Words(ja="低いほど良い", en="lower is better"),
    Better.NEITHER: Words(ja="良し悪しなし", en="neither is better"),
}


def file_name(*, metric: Metric) -> str:
    """``nps.md``."""
    return f"{metric.name}.md"


def page_of(*, metric: Metric) -> str:
    """The whole page in Markdown, Japanese first."""
    words = metric.words.fill(name="<name>") if metric.family else metric.words
    name = "own:<name>" if metric.family else metric.name
    dims = ", ".join(f"`{dim}` ({DIMS[dim].ja} / {DIMS[dim].en})" for dim in dims_of(metric=metric))
    rows = [
        ("名前 / name", f"`{name}`"),
        ("単位 / unit", f"`{metric.unit}`"),
        ("範囲 / range", f"{_bound(metric.low)} … {_bound(metric.high)}"),
        ("向き / better", _both(_BETTER[metric.better])),
        ("数える単位 / counted", f"`{metric.table}`" + (" → 顧客 / customer" if metric.fold else "")),
        ("成熟 / mature", f"{metric.mature_days} 日 / days" if metric.mature_days else "—"),
        ("区間 / interval", _both(_INTERVALS[metric.kind])),
        ("切り口 / split by", dims),
        ("出典 / source", metric.source),
    ]
    table = "\n".join(f"| {left} | {right} |" for left, right in rows)
    return (
        f"# {words.ja} — {words.en}\n\n"
        f"{metric.definition.ja}\n\n{metric.definition.en}\n\n"
        f"**{metric.formula.ja}**\n\n**{metric.formula.en}**\n\n"
        f"| | |\n|---|---|\n{table}\n\n"
        f"{_in_a_window(metric)}"
        "## 単位ごとの値 / the value per unit\n\n"
        "区間と平均は、この行の件数・合計・平方和だけから計算します。 / "
        "The mean and its interval come from the count, the sum and the sum of squares of these rows alone.\n\n"
        f"```sql\n{readable(sql=unit_sql(name=metric.name), values=())}\n```\n\n"
        f"`kizuna metric {name} --by month`\n"
    )


def _in_a_window(metric: Metric) -> str:
    """How the effect of a practice on the metric is read; family metrics are read like any answer."""
    try:
        words = reading_of(metric="own:name" if metric.family else metric.name).definition
    except NoWindow as refusal:
        words = refusal.words
    return f"## 接客方法の効果として / as the effect of a practice\n\n{words.ja}\n\n{words.en}\n\n"


def index_of(*, metrics: Sequence[Metric]) -> str:
    """The list of all metrics."""
    rows = "\n".join(
        f"| [`{metric.name}`]({file_name(metric=metric)}) "
        f"| {_title(metric).ja} | {_title(metric).en} | `{metric.unit}` |"
        for metric in metrics
    )
    return (
        "# 指標 / Metrics\n\n"
        "`kizuna docs` が定義から書き出します。手で直さないでください。 / "
        "Written by `kizuna docs` from the definitions; do not edit.\n\n"
        "日付は日本時間、週はISO週（月曜始まり、`2026-W03`）、期間は開始日を含みます。 / "
        "Days are Japanese, weeks are ISO weeks from Monday (`2026-W03`).\n\n"
        f"| | | | |\n|---|---|---|---|\n{rows}\n"
    )


def _title(metric: Metric) -> Words:
    return metric.words.fill(name="<name>") if metric.family else metric.words


def _both(words: Words) -> str:
    return f"{words.ja} / {words.en}"


def _bound(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
