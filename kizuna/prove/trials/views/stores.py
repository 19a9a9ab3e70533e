"""The page that compares the stores that began something with the others, and its figures as a file."""

from collections.abc import Iterator
from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.customers.stores.queries import store_names
from kizuna.errors import Invalid
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.prove.trials.forms import StoresForm
from kizuna.prove.trials.queries import VERDICT_WORDS, compare_stores, store_starts
from kizuna.prove.trials.queries.looks import today
from kizuna.prove.trials.rules.report import StoreReport
from kizuna.prove.trials.views.store_rows import chart_of, shown_of
from kizuna.stats.estimate import NotEnough
from kizuna.words import Words

ASKED = ("metric", "stores", "since", "touchpoint")
HEADER = (
    Words(ja="内容", en="what"),
    Words(ja="店舗", en="store"),
    Words(ja="群", en="group"),
    Words(ja="始め", en="from"),
    Words(ja="終わり（この日は含まない）", en="to_exclusive"),
    Words(ja="値", en="value"),
    Words(ja="下限", en="low"),
    Words(ja="上限", en="high"),
    Words(ja="p値", en="p"),
    Words(ja="方法", en="method"),
)
EFFECT = Words(ja="変化の差", en="difference of the changes")
DRIFT = Words(ja="始める前のずれ（1期間あたり）", en="drift before it began, per period")
PLACEBO = Words(ja="ほかの店舗の組み合わせ", en="other choices of stores")
VERDICT = Words(ja="判定", en="verdict")
BEFORE, AFTER = Words(ja="始める前", en="before"), Words(ja="始めたあと", en="after")
CHANGE, LINE = Words(ja="変化", en="change"), Words(ja="推移", en="line")
BEGAN, OTHERS = Words(ja="始めた店舗", en="began"), Words(ja="ほかの店舗", en="others")


class BadComparison(Invalid):
    """The address asks for a comparison that the form would refuse."""

    code = "bad_comparison"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="比べる内容が読み取れません。画面で選び直してから書き出してください。",
                en="This comparison cannot be read. Choose it on the page, then export.",
            )
        )


@require_GET
def stores_page(request: HttpRequest) -> HttpResponse:
    """Choose what began where and when; read how much more those stores changed."""
    now = present()
    asked = any(name in request.GET for name in ASKED)
    form = StoresForm(request.GET if asked else None, today=today(now=now), initial={"metric": "nps"})
    report = _report(form, now=now) if asked and form.is_valid() else None
    context = {
        "form": form,
        "one_store": len(form.places) < 2,
        "starts": _shortcuts(form) if report is None else (),
        "report": report,
        "shown": shown_of(report=report, names=store_names()) if report else None,
        "chart": chart_of(report=report) if report else None,
        "query": request.GET.urlencode(),
    }
    return render(request, "trials/stores.html", context)


@require_GET
def stores_export(request: HttpRequest) -> FileResponse:
    """The figures behind the page as a file."""
    now = present()
    form = StoresForm(request.GET, today=today(now=now))
    if not form.is_valid():
        raise BadComparison
    report = _report(form, now=now)
    response = download(
        name="stores",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=_cells(report, store_names()),
        day=today(now=now),
    )
    detail = {"metric": report.metric, "since": report.since.isoformat(), "stores": sorted(form.cleaned_data["stores"])}
    record(actor=actor_of(request), action="trials.stores_exported", target=report.metric, detail=detail, now=now)
    return response


def _report(form: StoresForm, *, now: datetime) -> StoreReport:
    said = form.cleaned_data
    return compare_stores(
        metric=said["metric"],
        started=frozenset(said["stores"]),
        since=said["since"],
        touchpoint=said["touchpoint"],
        now=now,
    )


def _shortcuts(form: StoresForm) -> list[dict[str, object]]:
    """What is on record to have begun somewhere, as addresses of this page."""
    names = {one.code: one.name for one in form.places}
    return [
        {
            "practice": one.practice,
            "since": one.since,
            "stores": [(code, names.get(code, code)) for code in one.stores],
        }
        for one in store_starts()
    ]


def _cells(report: StoreReport, names: dict[str, str]) -> Iterator[tuple[Cell, ...]]:
    start, end = report.since.isoformat(), report.known_until.isoformat()
    yield (str(VERDICT), "", "", start, end, None, None, None, None, str(VERDICT_WORDS[report.judgement.verdict]))
    yield (str(EFFECT), "", "", start, end, *figure(report.effect))
    yield (str(DRIFT), "", "", "", start, *figure(report.drift))
    if not isinstance(report.placebo, NotEnough):
        placebo = report.placebo
        yield (str(PLACEBO), "", "", start, end, placebo.as_large, None, placebo.choices, placebo.p, "permutation")
    for one in report.stores:
        side = str(BEGAN if one.treated else OTHERS)
        name = names.get(one.store, one.store)
        for what, found in ((BEFORE, one.before), (AFTER, one.after), (CHANGE, one.change)):
            yield (str(what), name, side, "", "", *figure(found))
    for step in report.steps:
        for side_words, found in ((BEGAN, step.treated), (OTHERS, step.control)):
            yield (str(LINE), "", str(side_words), step.start.isoformat(), step.end.isoformat(), *figure(found))


def figure(found: object) -> tuple[Cell, ...]:
    """Value, limits, p and method of anything with an interval, or why there is none."""
    if isinstance(found, NotEnough):
        return (None, None, None, None, found.reason)
    value, low, high = (getattr(found, name) for name in ("value", "low", "high"))
    return (value, low, high, getattr(found, "p", None), str(getattr(found, "method", "")))
