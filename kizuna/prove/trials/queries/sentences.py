"""What a report says in a sentence: as one would tell it across the counter."""

from kizuna.prove.trials.queries.text import amount_text, signed_text
from kizuna.prove.trials.rules.effects import Shown
from kizuna.prove.trials.rules.report import Report
from kizuna.prove.trials.rules.verdict import Verdict
from kizuna.stats.estimate import NotEnough
from kizuna.words import Words

TEN_YEARS_DAYS = 3650


def result_words(*, report: Report) -> Words:
    """The result in one sentence."""
    if not isinstance(report.effect, Shown):
        return report.because
    treated = [arm for arm in report.arms if not arm.held_out]
    control = next((arm for arm in report.arms if arm.held_out), None)
    if control is None or len(treated) != 1 or isinstance(control.value, NotEnough):
        return _DIFFERENCE.fill(
            metric=report.reading.title,
            value=signed_text(report=report, value=report.effect.value),
        )
    value = treated[0].value
    if isinstance(value, NotEnough):
        return report.because
    return _SERVED.fill(
        metric=report.reading.title,
        treated=amount_text(report=report, value=value.value),
        control=amount_text(report=report, value=control.value.value),
    )


def days_words(*, report: Report) -> Words | None:
    """How much longer it takes, while nothing is known yet."""
    if report.verdict is not Verdict.UNCLEAR:
        return None
    worth = "" if report.smallest is None else signed_text(report=report, value=report.smallest)
    if report.worth_ruled_out:
        return _TOO_SMALL.fill(worth=worth)
    if report.fraction == 1.0:
        return _OVER
    if report.days_needed is None:
        return None
    if report.days_needed == 0:
        return _ENOUGH.fill(worth=worth)
    return _ahead(report=report, worth=worth, days=report.days_needed)


def _ahead(*, report: Report, worth: str, days: int) -> Words:
    if report.ends_at is not None:
        return _UNTIL_LAST_LOOK.fill(days=f"{days:,}")
    return _NEVER if days > TEN_YEARS_DAYS else _DAYS.fill(days=f"{days:,}", worth=worth)


_SERVED = Words(
    ja="{metric}は、実施したお客様が{treated}、比較用のお客様が{control}でした。",
    en="{metric}: {treated} among those served, {control} among those held out.",
)
_DIFFERENCE = Words(ja="{metric}の差は{value}でした。", en="{metric}: a difference of {value}.")
_DAYS = Words(
    ja="いまのペースなら、{worth}の差があるかどうかは、あと約{days}日で分かります。",
    en="At the present pace it takes about {days} more days to see whether there is a difference of {worth}.",
)
_UNTIL_LAST_LOOK = Words(
    ja="いまのペースなら、あと約{days}日で、予定した最後の判定になります。",
    en="At the present pace the last planned look comes in about {days} days.",
)
_OVER = Words(
    ja="予定した最後の判定まで終わりました。差があるとは言えませんでした。",
    en="The last planned look has been taken. No difference could be shown.",
)
_NEVER = Words(
    ja="いまの人数では、意味のある大きさの差を見分けるのに10年以上かかります。対象を広げるか、比較用のお客様の割合を増やしてください。",
    en="At the present pace a difference worth having would take over ten years to see. Reach more customers or hold "
    "out a larger share.",
)
_ENOUGH = Words(
    ja="{worth}の差を見分けられるだけの人数は集まっています。差があったとしても、それより小さそうです。",
    en="There are enough customers to see a difference of {worth}. If there is one, it seems smaller than that.",
)
_TOO_SMALL = Words(
    ja="意味のある大きさ（{worth}）の良い変化は、ほぼなさそうです。",
    en="A change for the better worth having ({worth}) is all but ruled out.",
)
