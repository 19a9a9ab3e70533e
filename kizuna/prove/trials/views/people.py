"""The page that compares customers who got something with customers alike who did not, and its figures as a file."""

from collections.abc import Iterator
from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.prove.trials.forms import PeopleForm
from kizuna.prove.trials.queries.compared import DEFAULT_WINDOW_DAYS, BadPeriodAsked, compare_people
from kizuna.prove.trials.queries.looks import today
from kizuna.prove.trials.rules.compared import ComparedReport
from kizuna.prove.trials.rules.verdict import GRADES
from kizuna.prove.trials.views.people_rows import PLAIN, WEIGHTED, shown_of
from kizuna.prove.trials.views.stores import BadComparison, figure
from kizuna.stats.balance import Balance
from kizuna.words import Words

ASKED = ("group", "metric", "days", "date_from", "date_to")
HEADER = (
    Words(ja="内容", en="what"),
    Words(ja="人数", en="customers"),
    Words(ja="値", en="value"),
    Words(ja="下限", en="low"),
    Words(ja="上限", en="high"),
    Words(ja="p値", en="p"),
    Words(ja="方法", en="method"),
)
_BALANCE = Words(ja="標準化した差（{when}）: {what}", en="standardised difference ({when}): {what}")
_BEFORE, _AFTER = Words(ja="そのまま", en="as they are"), Words(ja="そろえたあと", en="made alike")
_EFFECTIVE = Words(ja="そろえた相手の実質の人数", en="effective size of the others")
_GRADE = Words(ja="根拠の強さ", en="grade")


@require_GET
def people_page(request: HttpRequest) -> HttpResponse:
    """Choose what some customers got; read how they differ afterwards from customers who were like them."""
    now = present()
    asked = any(name in request.GET for name in ASKED)
    form = PeopleForm(_said(request) if asked else None, today=today(now=now), initial={"metric": "repeat_rate"})
    report = _report(form, now=now) if asked and form.is_valid() else None
    context = {
        "form": form,
        "nothing": not form.known,
        "examples": [] if report else form.known[:4],
        "report": report,
        "shown": shown_of(report=report) if report else None,
        "query": request.GET.urlencode(),
    }
    return render(request, "trials/people.html", context)


@require_GET
def people_export(request: HttpRequest) -> FileResponse:
    """The figures behind the page as a file."""
    now = present()
    form = PeopleForm(_said(request), today=today(now=now))
    report = _report(form, now=now) if form.is_valid() else None
    if report is None:
        raise BadComparison
    response = download(
        name="alike",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=_cells(report),
        day=today(now=now),
    )
    detail = {"group": report.group.slug, "metric": report.metric, "days": report.window_days}
    record(actor=actor_of(request), action="trials.alike_exported", target=report.metric, detail=detail, now=now)
    return response


def _said(request: HttpRequest) -> QueryDict:
    """What the address says; without days it means the usual ones, and the form shows them."""
    said = request.GET.copy()
    said.setdefault("days", str(DEFAULT_WINDOW_DAYS))
    return said


def _report(form: PeopleForm, *, now: datetime) -> ComparedReport | None:
    """The comparison, or None with the reason beside the period that cannot be compared."""
    said = form.cleaned_data
    try:
        return compare_people(
            group_slug=said["group"],
            metric=said["metric"],
            window_days=form.window_days,
            date_from=said["date_from"],
            date_to=form.date_to_exclusive,
            now=now,
        )
    except BadPeriodAsked as refused:
        form.add_error("date_from", str(refused.words))
        return None


def _cells(report: ComparedReport) -> Iterator[tuple[Cell, ...]]:
    yield (str(_GRADE), None, report.grade, None, None, None, str(GRADES[report.grade]))
    yield (str(report.group.got), report.got, *figure(report.got_value))
    yield (str(report.group.without), report.without, *figure(report.without_value))
    yield (str(PLAIN), report.got, *figure(report.plain))
    yield (str(WEIGHTED), report.compared, *figure(report.weighted))
    yield (str(_EFFECTIVE), report.without, report.effective, None, None, None, "kish")
    for row in report.balance:
        found = row.balance
        for when, value in (("before", _BEFORE), ("after", _AFTER)):
            title = _BALANCE.fill(when=str(value), what=str(row.known.title))
            number = getattr(found, when) if isinstance(found, Balance) else None
            yield (str(title), None, number, None, None, None, "" if isinstance(found, Balance) else found.reason)
