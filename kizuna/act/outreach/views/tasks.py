"""The pages on which staff see what they are asked to do, and say that it is done."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods

from kizuna.act.outreach.forms import CloseForm, TaskFilterForm
from kizuna.act.outreach.operations import NoSuchTask, close_task
from kizuna.act.outreach.queries import KINDS, TaskCard, TaskFilter, settings_in_force, task, tasks
from kizuna.customers.people.queries import profile
from kizuna.customers.staff.queries import all_staff, present
from kizuna.customers.staff.views import actor_of, page_of, query_without, stores_of
from kizuna.customers.stores.queries import store_names
from kizuna.words import Words

TABS: tuple[tuple[str, Words], ...] = (
    ("open", Words(ja="未完了", en="Open")),
    ("overdue", Words(ja="期限切れ", en="Overdue")),
    ("done", Words(ja="完了", en="Done")),
    ("dropped", Words(ja="取りやめ", en="Dropped")),
)
ICONS = {"call": "phone", "apology": "mood-sad", "letter": "writing", "check": "eye-check"}


def _language() -> str:
    return "en" if (translation.get_language() or "ja").startswith("en") else "ja"


@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """What is to be done, the most urgent first."""
    stores, now = stores_of(request), present()
    wanted = TaskFilterForm(request.GET).wanted(stores=stores)
    found = tasks(wanted=wanted, now=now, page=page_of(request), language=_language())
    names = store_names()
    context = {
        "found": found,
        "rows": [(card, ICONS.get(card.kind, "checkbox"), names.get(card.store, card.store)) for card in found.tasks],
        "wanted": wanted,
        "filtered": wanted != TaskFilter(stores=stores),
        "tabs": TABS,
        "kinds": list(KINDS.items()),
        "stores": [(code, name) for code, name in names.items() if stores is None or code in stores],
        "query": query_without(request),
        "kept": query_without(request, "show"),
    }
    return render(request, "outreach/tasks.html", context)


@require_http_methods(["GET", "POST"])
def task_detail(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: what to do for whom; done, or dropped with a note."""
    card = _task(request, task_id=task_id)
    if request.method == "POST":
        form = CloseForm(request.POST)
        if not form.is_valid():
            return _show(request, card=card, form=form)
        done = request.POST.get("act") != "drop"
        close_task(
            task_id=task_id,
            done=done,
            note=form.cleaned_data["note"],
            actor=actor_of(request),
            now=present(),
            stores=stores_of(request),
        )
        words = Words(ja="完了にしました。", en="Done.") if done else Words(ja="取りやめました。", en="Dropped.")
        notices.success(request, str(words))
        return redirect("tasks:list")
    return _show(request, card=card, form=CloseForm())


def _show(request: HttpRequest, *, card: TaskCard, form: CloseForm) -> HttpResponse:
    context = {
        "card": card,
        "form": form,
        "who": None if card.erased else profile(person_id=card.person_id),
        "icon_name": ICONS.get(card.kind, "checkbox"),
        "store": store_names().get(card.store, card.store),
        "closed_by": _name_of(actor=card.closed_by),
    }
    return render(request, "outreach/task.html", context)


@require_GET
def task_print(request: HttpRequest, task_id: int) -> HttpResponse:
    """The letter task on paper: the address to copy, the draft, and room for one's own words."""
    card = _task(request, task_id=task_id)
    context = {
        "card": card,
        "who": None if card.erased else profile(person_id=card.person_id),
        "sender": settings_in_force().sender,
    }
    return render(request, "outreach/task_print.html", context)


def _task(request: HttpRequest, *, task_id: int) -> TaskCard:
    card = task(task_id=task_id, stores=stores_of(request), now=present(), language=_language())
    if card is None:
        raise NoSuchTask(task_id=task_id)
    return card


def _name_of(*, actor: str) -> str:
    """«user:3» as the person's name."""
    kind, _, number = actor.partition(":")
    if kind != "user":
        return actor
    return next((one.name for one in all_staff() if str(one.user_id) == number), "")
