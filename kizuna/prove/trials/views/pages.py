"""The page of one practice's effect, its figures as a file, and the decision when the trial ends."""

from datetime import date, datetime, timedelta

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kizuna.clock import JST
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.rules import Role
from kizuna.customers.staff.views import actor_of, stores_of, user_of
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.prove.trials.operations import plan_trial, take_looks
from kizuna.prove.trials.operations.plan import BadPlan
from kizuna.prove.trials.queries import VERDICT_WORDS, NothingAssigned, Report, Shown, Verdict, design_of
from kizuna.prove.trials.views.rows import row_of, yearly_texts
from kizuna.stats.estimate import NotEnough
from kizuna.understand.metrics.queries import card
from kizuna.words import Words

HEADER = (
    Words(ja="指標", en="metric"),
    Words(ja="主な指標", en="main"),
    Words(ja="日数", en="window_days"),
    Words(ja="群", en="arm"),
    Words(ja="結果の出た人数", en="n"),
    Words(ja="値", en="value"),
    Words(ja="下限", en="low"),
    Words(ja="上限", en="high"),
    Words(ja="差", en="effect"),
    Words(ja="差の下限", en="effect_low"),
    Words(ja="差の上限", en="effect_high"),
    Words(ja="p値（調整後）", en="p_adjusted"),
    Words(ja="方法", en="method"),
    Words(ja="判定", en="verdict"),
    Words(ja="根拠の強さ", en="grade"),
)


class PlanForm(forms.Form):
    """When the trial ends, and how many customers it will have counted by then."""

    ends_on = forms.DateField(required=False)
    people = forms.IntegerField(required=False, min_value=1, max_value=1_000_000_000)


@require_GET
def practice(request: HttpRequest, name: str) -> HttpResponse:
    """The effect of one practice on its metrics: the main one large, all with their intervals."""
    now = present()
    try:
        reports = take_looks(practice=name, metric=request.GET.get("metric", ""), now=now)
    except NothingAssigned:
        return _nobody_yet(request, name)
    stores = stores_of(request)
    rows = [row_of(report=report, stores=stores) for report in reports]
    first = reports[0]
    context = {
        "name": name,
        "main": rows[0],
        "bad_news": [row for row in rows[1:] if row.report.verdict is Verdict.HARMS],
        "rows": rows,
        "left": first.left,
        "report": first,
        "design": design_of(name=name),
        "yearly": yearly_texts(report=first),
        "may_plan": _leads(request) and first.fraction != 1.0,
        "ends_on": _last_day(first.ends_at),
        "people_planned": first.people_planned,
        "planned_share": None if first.fraction is None else f"{100 * first.fraction:.0f}",
    }
    return render(request, "trials/practice.html", context)


def _nobody_yet(request: HttpRequest, name: str) -> HttpResponse:
    """What will stand here, for a practice that nobody has come into; its end may be planned already."""
    design = design_of(name=name)
    context = {
        "name": name,
        "design": design,
        "aims": [(card(name=aim.metric).title, aim) for aim in design.aims],
        "may_plan": _leads(request) and design.state != "ended",
        "ends_on": _last_day(design.ends_at),
        "people_planned": design.people_planned,
    }
    return render(request, "trials/nobody.html", context)


def _leads(request: HttpRequest) -> bool:
    return user_of(request).role in (Role.OWNER, Role.MANAGER)


def _last_day(ends_at: datetime | None) -> date | None:
    """The last day that still counts."""
    return None if ends_at is None else (ends_at - timedelta(seconds=1)).astimezone(JST).date()


@require_GET
def practice_export(request: HttpRequest, name: str) -> FileResponse:
    """The figures behind the page as a file."""
    now = present()
    reports = take_looks(practice=name, now=now)
    response = download(
        name="effect",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=[cells for report in reports for cells in _cells(report)],
        day=now.astimezone(JST).date(),
    )
    record(actor=actor_of(request), action="trials.exported", target=name, detail={}, now=now)
    return response


@require_POST
def plan(request: HttpRequest, name: str) -> HttpResponse:
    """Decide when the trial ends, or leave it open."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        raise BadPlan(Words(ja="終了日と人数を確かめてください。", en="Please check the day and the number."))
    last = form.cleaned_data["ends_on"]
    ends_at = None if last is None else datetime(last.year, last.month, last.day, tzinfo=JST) + timedelta(days=1)
    plan_trial(
        practice=name,
        ends_at=ends_at,
        people_planned=form.cleaned_data["people"],
        by_lot=design_of(name=name).by_lot,
        actor=actor_of(request),
        now=present(),
    )
    return redirect("trials:practice", name=name)


def _cells(report: Report) -> list[tuple[Cell, ...]]:
    shown = report.effect if isinstance(report.effect, Shown) else None
    tail: tuple[Cell, ...] = (
        (None, None, None, None, None)
        if shown is None
        else (shown.value, shown.low, shown.high, report.p_adjusted, shown.method)
    )
    rows: list[tuple[Cell, ...]] = []
    for arm in report.arms:
        value = None if isinstance(arm.value, NotEnough) else arm.value
        middle: tuple[Cell, ...] = (None, None, None) if value is None else (value.value, value.low, value.high)
        head: tuple[Cell, ...] = (
            report.metric,
            "1" if report.primary else "",
            report.window_days,
            str(arm.title),
            arm.counted,
        )
        rows.append((*head, *middle, *tail, str(VERDICT_WORDS[report.verdict]), report.grade))
    return rows
