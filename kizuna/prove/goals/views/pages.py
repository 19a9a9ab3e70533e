"""Seeing goals, writing them, closing them."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.customers.staff.queries import present
from kizuna.customers.staff.rules import Role
from kizuna.customers.staff.views import actor_of, stores_of, user_of
from kizuna.errors import Refusal
from kizuna.gates.download import download
from kizuna.prove.goals.forms import GoalForm, initial_of
from kizuna.prove.goals.operations import close_goal, edit_goal, reopen_goal, set_goal
from kizuna.prove.goals.queries import GoalCard, check_draft, contributions, goal, goals, outlooks
from kizuna.prove.goals.rules import STATES, WORDS, Letter, add_months
from kizuna.prove.goals.views import shown
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import card
from kizuna.words import Words

USUAL_MONTHS = 6


@require_GET
def goal_list(request: HttpRequest) -> HttpResponse:
    """Mine first, then by company, store, team and person."""
    state = "" if request.GET.get("state") == "all" else "open"
    found = _visible(request, state=state)
    lines = _lines(found)
    context = {
        "groups": shown.grouped(lines=lines, user_id=user_of(request).pk),
        "all": not state,
        "count": len(lines),
        "any": bool(found) or bool(_visible(request, state="")),
        "leads": _leads(request),
        "query": request.GET.urlencode(),
    }
    return render(request, "goals/list.html", context)


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """The list as a file."""
    header = (
        *(Words(ja="番号", en="id"), Words(ja="目標", en="goal"), Words(ja="だれの目標か", en="level")),
        *(Words(ja="責任者", en="owner"), Words(ja="測るもの", en="measures"), Words(ja="始めの値", en="start")),
        *(Words(ja="始めの下限", en="start_low"), Words(ja="始めの上限", en="start_high")),
        *(Words(ja="目標の値", en="target"), Words(ja="期限の月", en="due")),
        *(Words(ja="最新の値", en="latest"), Words(ja="最新の下限", en="latest_low")),
        *(Words(ja="最新の上限", en="latest_high"), Words(ja="最新の月", en="latest_month")),
        *(Words(ja="見通し", en="outlook"), Words(ja="状態", en="state")),
    )
    found = _visible(request, state="" if request.GET.get("state") == "all" else "open")
    heading = outlooks(drafts=[one.draft for one in found], starts=_starts(found), now=present())
    rows = []
    for one, outlook in zip(found, heading, strict=True):
        start = one.start or (None, None, None, 0)
        latest = outlook.latest
        ends = (latest.value, latest.low, latest.high) if latest else (None, None, None)
        subject = shown.line_of(goal=one, outlook=outlook).subject
        word = str(WORDS[outlook.word]) if outlook.word and one.state == "open" else ""
        rows.append(
            (
                *(one.goal_id, one.draft.title, str(one.level_words), one.owner, subject),
                *(*start[:3], one.draft.target, f"{one.draft.due_month:%Y-%m}", *ends),
                *(f"{outlook.latest_month:%Y-%m}" if outlook.latest_month else None, word, str(STATES[one.state])),
            )
        )
    return download(
        name="goals",
        wanted=request.GET.get("format", "xlsx"),
        header=header,
        rows=rows,
        day=timezone.localdate(present()),
    )


@require_GET
def detail(request: HttpRequest, goal_id: int) -> HttpResponse:
    """One goal: where it stands, where it heads, whether it is SMART, what practices gave."""
    found = goal(goal_id=goal_id, stores=stores_of(request), user_id=user_of(request).pk)
    now = present()
    (outlook,) = outlooks(drafts=[found.draft], starts=_starts([found]), now=now)
    metric = card(name=found.draft.metric)
    given, total, total_range = shown.given_of(
        found=contributions(draft=found.draft, start_month=found.start_month, now=now), metric=metric
    )
    context = {
        "goal": found,
        "line": shown.line_of(goal=found, outlook=outlook),
        "metric": metric,
        "drawing": shown.picture_of(goal=found, outlook=outlook),
        "rows": shown.rows_of(goal=found, outlook=outlook),
        "sentence": shown.sentence_of(goal=found, outlook=outlook),
        "closed": shown.closed_words(goal=found),
        "due_over": outlook.result is not None,
        "letters": _letters(found) if found.state == "open" else (),
        "given": given,
        "total": total,
        "total_range": total_range,
        "leads": _leads(request),
    }
    return render(request, "goals/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set a goal; «check» shows the five letters before anything is kept."""
    form = GoalForm(
        request.POST or None,
        today=timezone.localdate(present()),
        initial={
            "owner": user_of(request).pk,
            "metric": request.GET.get("metric", "nps"),
            "level": "store",
            "due": f"{add_months(month=timezone.localdate(present()).replace(day=1), count=USUAL_MONTHS):%Y-%m}",
        },
    )
    return _form(request, form=form, back=None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Change an open goal."""
    found = goal(goal_id=goal_id, stores=stores_of(request), user_id=user_of(request).pk)
    form = GoalForm(
        request.POST or None,
        today=timezone.localdate(present()),
        due_month=found.draft.due_month,
        initial=initial_of(draft=found.draft),
    )
    return _form(request, form=form, back=found)


def _form(request: HttpRequest, *, form: GoalForm, back: GoalCard | None) -> HttpResponse:
    checked: Sequence[Letter] = ()
    if request.method == "POST" and form.is_valid():
        now = present()
        try:
            if request.POST.get("act") == "check":
                checked = check_draft(draft=form.draft(), now=now)
            elif back is None:
                return redirect("goals:detail", set_goal(draft=form.draft(), actor=actor_of(request), now=now))
            else:
                edit_goal(goal_id=back.goal_id, draft=form.draft(), actor=actor_of(request), now=now)
                return redirect("goals:detail", back.goal_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
    return render(request, "goals/edit.html", {"form": form, "back": back, "letters": checked})


@require_POST
def close(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Close it by its measured value, or give it up."""
    goal(goal_id=goal_id, stores=stores_of(request), user_id=user_of(request).pk)
    try:
        closing = close_goal(
            goal_id=goal_id,
            drop="drop" in request.POST,
            note=request.POST.get("note", ""),
            actor=actor_of(request),
            now=present(),
        )
        words = STATES[closing.state]
        ja, en = f"「{words.ja}」として終了しました。", f"Closed as “{words.en}”."
        messages.success(request, str(Words(ja=ja, en=en)))
    except Refusal as refusal:
        messages.error(request, str(refusal.words))
    return redirect("goals:detail", goal_id)


@require_POST
def reopen(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Take the closing back."""
    try:
        reopen_goal(goal_id=goal_id, actor=actor_of(request), now=present())
        messages.success(request, str(Words(ja="目標を取り組み中に戻しました。", en="The goal is under way again.")))
    except Refusal as refusal:
        messages.error(request, str(refusal.words))
    return redirect("goals:detail", goal_id)


def _visible(request: HttpRequest, *, state: str) -> list[GoalCard]:
    return goals(stores=stores_of(request), user_id=user_of(request).pk, state=state)


def _lines(found: Sequence[GoalCard]) -> list[shown.Line]:
    heading = outlooks(drafts=[one.draft for one in found], starts=_starts(found), now=present())
    return [shown.line_of(goal=one, outlook=outlook) for one, outlook in zip(found, heading, strict=True)]


def _starts(found: Sequence[GoalCard]) -> list[float | None]:
    return [one.start[0] if one.start else None for one in found]


def _letters(found: GoalCard) -> tuple[Letter, ...]:
    """The letters as of today, from the value the goal was set at."""
    now = present()
    start: Estimate | NotEnough = NotEnough(reason="no_data", have=0, need=1)
    if found.start is not None:
        value, low, high, n = found.start
        unit = card(name=found.draft.metric).unit
        start = Estimate(value=value, low=low, high=high, level=0.95, n=n, unit=unit, method="", as_of=found.created_at)
    return check_draft(draft=found.draft, start=start, start_month=found.start_month, now=now)


def _leads(request: HttpRequest) -> bool:
    return user_of(request).role in {Role.OWNER, Role.MANAGER}
