"""Nouns about staff's tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from kizuna.act.outreach.models import Task
from kizuna.act.outreach.queries.sender import settings_in_force
from kizuna.act.outreach.rules.merge import MissingValue, Named, merge
from kizuna.customers.people.queries import Contact, contacts_of
from kizuna.facts.rows.queries import Part, tally
from kizuna.facts.rows.rules import leaf
from kizuna.words import Words

PAGE_SIZE = 50
KINDS: dict[str, Words] = {
    "call": Words(ja="電話・連絡", en="Contact"),
    "apology": Words(ja="お詫び", en="Apology"),
    "letter": Words(ja="お手紙", en="Letter"),
    "check": Words(ja="確認", en="Check"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCard:
    """One task with the customer's name filled in."""

    task_id: int
    person_id: int
    customer: str
    erased: bool
    kind: str
    kind_words: Words
    title: str
    body: str
    store: str
    due_at: datetime
    overdue: bool
    practice: str
    state: str
    note: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks to show: ``open``, ``overdue``, ``done`` or ``dropped``; ``stores`` None is all of them."""

    stores: frozenset[str] | None = None
    show: str = "open"
    kind: str = ""
    store: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """One page of tasks; the other two figures are for the head of the page."""

    tasks: tuple[TaskCard, ...]
    count: int
    page: int
    pages: int
    open_count: int
    overdue_count: int


def tasks(*, wanted: TaskFilter, now: datetime, page: int = 1, language: str = "ja") -> TaskPage:
    """Tasks by what is asked for: open ones by when they are due, closed ones the latest first."""
    mine = _mine(stores=wanted.stores)
    found = _filtered(found=mine, wanted=wanted, now=now)
    count = found.count()
    shown = leaf(count=count, page=page, size=PAGE_SIZE)
    order = ("due_at", "id") if wanted.show in {"open", "overdue"} else ("-closed_at", "-id")
    rows = list(found.order_by(*order)[shown.part])
    waiting = mine.filter(state="open")
    return TaskPage(
        tasks=_cards(rows=rows, now=now, language=language),
        count=count,
        page=shown.page,
        pages=shown.pages,
        open_count=waiting.count(),
        overdue_count=waiting.filter(due_at__lt=now).count(),
    )


def task(*, task_id: int, stores: frozenset[str] | None, now: datetime, language: str = "ja") -> TaskCard | None:
    """One task, if it belongs to one of the stores."""
    rows = list(_mine(stores=stores).filter(pk=task_id))
    return _cards(rows=rows, now=now, language=language)[0] if rows else None


def task_tallies(*, stores: frozenset[str] | None, now: datetime) -> tuple[Part, Part]:
    """How many tasks are open, and how many of them overdue, as a page's counts of «open» and «overdue»."""
    waiting = _mine(stores=stores).filter(state="open")
    return tally(found=waiting, kind="open"), tally(found=waiting.filter(due_at__lt=now), kind="overdue")


def _mine(*, stores: frozenset[str] | None) -> "QuerySet[Task]":
    return Task.objects.all() if stores is None else Task.objects.filter(store__in=list(stores))


def _filtered(*, found: "QuerySet[Task]", wanted: TaskFilter, now: datetime) -> "QuerySet[Task]":
    state = {"done": Q(state="done"), "dropped": Q(state="dropped"), "overdue": Q(state="open", due_at__lt=now)}
    found = found.filter(state.get(wanted.show, Q(state="open")))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    return found.filter(store=wanted.store) if wanted.store else found


def _cards(*, rows: Sequence[Task], now: datetime, language: str) -> tuple[TaskCard, ...]:
    contacts = contacts_of(person_ids={row.person_id for row in rows}) if rows else {}
    company = settings_in_force().sender.name if rows else ""
    return tuple(
        _card(row=row, contact=contacts.get(row.person_id), company=company, now=now, language=language) for row in rows
    )


def _card(*, row: Task, contact: Contact | None, company: str, now: datetime, language: str) -> TaskCard:
    named = (
        Named(family_name=contact.family_name, given_name=contact.given_name, display_name=contact.display_name)
        if contact
        else Named()
    )
    return TaskCard(
        task_id=row.pk,
        person_id=row.person_id,
        customer=contact.display_name if contact else "",
        erased=contact is None or contact.erased,
        kind=row.kind,
        kind_words=KINDS.get(row.kind) or Words(ja=row.kind, en=row.kind),
        title=_merged(text=row.title, named=named, company=company, language=language),
        body=_merged(text=row.body, named=named, company=company, language=language),
        store=row.store,
        due_at=row.due_at,
        overdue=row.state == "open" and row.due_at < now,
        practice=row.practice,
        state=row.state,
        note=row.note,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _merged(*, text: str, named: Named, company: str, language: str) -> str:
    try:
        return merge(text=text, values={"会社.名前": company}, named=named, language=language)
    except MissingValue:  # a field no task can fill is shown as it was written
        return text


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every task about these records, labelled in Japanese."""
    rows = Task.objects.filter(person_id__in=list(person_ids)).order_by("id")
    return {
        "スタッフのタスク": [
            {
                "種類": str(KINDS[row.kind].ja if row.kind in KINDS else row.kind),
                "題名": row.title,
                "内容": row.body,
                "店舗": row.store,
                "期限": row.due_at,
                "状態": row.state,
                "記録": row.note,
                "完了日時": row.closed_at,
            }
            for row in rows
        ]
    }
