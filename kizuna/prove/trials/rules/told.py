"""Reports as JSON: for commands, programs and the evidence page."""

from dataclasses import asdict

from kizuna.prove.trials.rules.compared import ComparedReport
from kizuna.prove.trials.rules.effects import Shown
from kizuna.prove.trials.rules.file import Compared, FileReport
from kizuna.prove.trials.rules.report import Left, LookCard, Parts, Report, StoreReport
from kizuna.prove.trials.rules.verdict import VERDICT_WORDS, Verdict
from kizuna.stats.arms import AdjustedEffect, Lift
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.srm import SampleRatio


def report_json(*, report: Report) -> dict[str, object]:
    """One practice and one metric; what cannot be told is ``{"not_enough": …}`` or null, never 0."""
    return {
        "practice": report.practice,
        "metric": report.metric,
        "unit": report.reading.unit,
        "window_days": report.window_days,
        "primary": report.primary,
        "as_of": report.as_of.isoformat(),
        "known_until": report.until.isoformat(),
        "arms": [
            {
                "name": arm.name,
                "held_out": arm.held_out,
                "n": arm.counted,
                "people": arm.people,
                **_mean(arm.value),
            }
            for arm in report.arms
        ],
        "effect": _interval(report.effect),
        "p_adjusted": report.p_adjusted,
        "variance_reduction_share": report.variance_reduction_share,
        "lift": _interval(report.lift),
        "srm_p": report.srm_p,
        "response_srm_p": report.response_srm_p,
        **_verdict(report.verdict),
        "because": {"ja": report.because.ja, "en": report.because.en},
        "grade": report.grade,
        "looks": [_look(look) for look in report.looks],
        # Only what is not known yet takes more days.
        "days_needed": report.days_needed if report.verdict is Verdict.UNCLEAR else None,
        "smallest_worth_having": report.smallest,
        "yen_per_year": None if report.yen_per_year is None else asdict(report.yen_per_year),
        "excluded": _excluded(report.left),
        "by": {parts.by: _parts(parts) for parts in report.parts},
    }


def _look(look: LookCard) -> dict[str, object]:
    return {**asdict(look), "day": look.day.isoformat(), "verdict": look.verdict.value}


def _excluded(left: Left) -> dict[str, int]:
    return {
        "assigned": left.assigned,
        "immature": left.immature,
        "not_asked": left.not_asked,
        "in_several_arms": left.crossed,
        "assigned_again": left.repeated,
        "without_value": left.without_value,
    }


def _parts(parts: Parts) -> dict[str, object]:
    rows = [
        {"name": part.name, "n": part.counted, "value": part.value, "low": part.low, "high": part.high}
        for part in parts.parts
    ]
    return {"p": parts.p, "differs": parts.differs, "parts": rows}


def file_json(*, report: FileReport) -> dict[str, object]:
    """The same keys for a file; with several treated arms ``effect`` is that of the first, all are in ``effects``."""
    compared = [_compared(one) for one in report.compared]
    first = compared[0]
    return {
        "kind": report.kind.value,
        "control": report.control,
        "arms": [
            {
                "name": arm.name,
                "held_out": arm.name == report.control,
                "n": arm.counted,
                "people": arm.people,
                **_mean(arm.value),
            }
            for arm in report.arms
        ],
        "effect": first["effect"],
        "lift": first["lift"],
        "effects": compared,
        "srm_p": report.sample_ratio.p if isinstance(report.sample_ratio, SampleRatio) else None,
        "srm_shares": dict(report.shares),
        "response_srm_p": report.response.p if isinstance(report.response, SampleRatio) else None,
        "verdict": first["verdict"],
        "verdict_ja": first["verdict_ja"],
        "because": first["because"],
        "grade": report.grade,
        "looks": [],
    }


def store_json(*, report: StoreReport) -> dict[str, object]:
    """Stores that began against the others."""
    return {
        "practice": report.practice,
        "metric": report.metric,
        "unit": report.unit,
        "since": report.since.isoformat(),
        "days": report.days,
        "touchpoint": report.touchpoint,
        "treated_stores": list(report.treated),
        "control_stores": list(report.control),
        "left_out_stores": list(report.left_out),
        "effect": _interval(report.effect),
        "drift_before": _interval(report.drift),
        "placebo": _missing(report.placebo) if isinstance(report.placebo, NotEnough) else asdict(report.placebo),
        "stores": [
            {
                "store": one.store,
                "treated": one.treated,
                "before": _interval(one.before),
                "after": _interval(one.after),
                "change": _interval(one.change),
            }
            for one in report.stores
        ],
        "steps": [
            {
                "start": step.start.isoformat(),
                "end": step.end.isoformat(),
                "treated": _interval(step.treated),
                "control": _interval(step.control),
            }
            for step in report.steps
        ],
        **_verdict(report.judgement.verdict),
        "because": {"ja": report.judgement.because.ja, "en": report.judgement.because.en},
        "grade": report.grade,
    }


def compared_json(*, report: ComparedReport) -> dict[str, object]:
    """Customers who got something against customers alike who did not."""
    return {
        "group": report.group.slug,
        "metric": report.metric,
        "unit": report.reading.unit,
        "window_days": report.window_days,
        "date_from": report.date_from.isoformat(),
        "date_to_exclusive": report.date_to.isoformat(),
        "known_until": report.known_until.isoformat(),
        "groups": [
            {"name": "got", "n": report.got, **_mean(report.got_value)},
            {"name": "without", "n": report.without, **_mean(report.without_value)},
        ],
        "compared": report.compared,
        "effective_without": report.effective,
        "alike_by": {"ja": report.alike_by.ja, "en": report.alike_by.en},
        "difference": _interval(report.plain),
        "effect": _interval(report.weighted),
        "balance": {
            row.known.column: _missing(row.balance)
            if isinstance(row.balance, NotEnough)
            else {"before": row.balance.before, "after": row.balance.after, "alike": row.balance.alike}
            for row in report.balance
        },
        **_verdict(report.judgement.verdict),
        "because": {"ja": report.judgement.because.ja, "en": report.judgement.because.en},
        "grade": report.grade,
        "excluded": {"immature": report.immature, "not_asked": report.not_asked},
    }


def _compared(one: Compared) -> dict[str, object]:
    found = one.effect
    return {
        "arm": one.name,
        "effect": _interval(found.effect if isinstance(found, AdjustedEffect) else found),
        "p_adjusted": one.p_adjusted,
        "variance_reduction_share": found.variance_reduction_share if isinstance(found, AdjustedEffect) else None,
        "lift": _interval(one.lift),
        **_verdict(one.judgement.verdict),
        "because": {"ja": one.judgement.because.ja, "en": one.judgement.because.en},
    }


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {"verdict": verdict.value, "verdict_ja": VERDICT_WORDS[verdict].ja}


def _mean(value: Interval | NotEnough) -> dict[str, object]:
    if isinstance(value, NotEnough):
        return {"mean": None, **_missing(value)}
    return {"mean": value.value, "low": value.low, "high": value.high}


def _interval(found: Shown | Lift | Interval | NotEnough | object) -> dict[str, object]:
    if isinstance(found, NotEnough):
        return _missing(found)
    names = ("value", "low", "high", "level", "p", "method")
    return {name: getattr(found, name) for name in names if hasattr(found, name)}


def _missing(missing: NotEnough) -> dict[str, object]:
    return {"not_enough": {"reason": missing.reason, "have": missing.have, "need": missing.need}}
