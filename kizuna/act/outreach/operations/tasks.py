"""Ask staff to do something, and note that it was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from kizuna.act.outreach.models import Task
from kizuna.act.outreach.rules import TaskDraft
from kizuna.customers.people.queries import erased_among
from kizuna.customers.stores.queries import among
from kizuna.errors import Conflict, NotFound
from kizuna.facts.catalogue import TaskClosed, TaskOpened
from kizuna.facts.outbox.operations import publish, publish_columns
from kizuna.facts.rows.operations import insert_rows, reserve_ids
from kizuna.facts.rows.rules import Outcome
from kizuna.words import Words

_COLUMNS: Final = (
    *("id", "key", "person_id", "kind", "title", "body", "store", "due_at", "practice", "practice_version"),
    *("state", "note", "opened_at", "closed_by"),
)


class NoSuchTask(NotFound):
    """No task has this id, or not for this member of staff."""

    code = "no_such_task"

    def __init__(self, *, task_id: object) -> None:
        super().__init__(Words(ja="このタスクは見つかりません。", en="There is no such task."))
        self.task_id = task_id


class TaskAlreadyClosed(Conflict):
    """Somebody has closed the task meanwhile."""

    code = "task_already_closed"

    def __init__(self, *, task_id: int) -> None:
        super().__init__(Words(ja="このタスクはすでに完了または取りやめになっています。", en="The task is closed."))
        self.task_id = task_id


def open_tasks(*, drafts: Sequence[TaskDraft], now: datetime) -> list[Outcome]:
    """Open tasks; a key that is there already stays as it is. Call it inside ``atomic()``. One outcome per draft."""
    keys = [draft.key for draft in drafts]
    taken: set[str] = set(Task.objects.filter(among(column="key", values=keys)).values_list("key", flat=True))
    outcomes: list[Outcome] = []
    fresh: list[TaskDraft] = []
    for draft in drafts:
        outcomes.append("unchanged" if draft.key in taken else "created")
        if draft.key not in taken:
            taken.add(draft.key)
            fresh.append(draft)
    ids = list(reserve_ids(model=Task, count=len(fresh)))
    insert_rows(
        model=Task,
        columns=_COLUMNS,
        rows=[
            (
                *(id_, one.key, one.person_id, one.kind, one.title[:200], one.body, one.store, one.due_at),
                *(one.practice, one.practice_version, "open", "", now, ""),
            )
            for id_, one in zip(ids, fresh, strict=True)
        ],
    )
    publish_columns(
        fact=TaskOpened,
        columns={
            "occurred_at": [now] * len(ids),
            "person_id": [one.person_id for one in fresh],
            "revision": [1] * len(ids),
            "task_id": ids,
            "kind": [one.kind for one in fresh],
            "practice": [one.practice for one in fresh],
            "store": [one.store for one in fresh],
            "due_at": [one.due_at for one in fresh],
        },
        now=now,
        wake=True,
    )
    return outcomes


@transaction.atomic
def close_task(
    *, task_id: int, done: bool, note: str, actor: str, now: datetime, stores: frozenset[str] | None = None
) -> None:
    """Note that a task was done, or dropped, and by whom.

    Raises: NoSuchTask, TaskAlreadyClosed.
    """
    task = Task.objects.select_for_update().filter(pk=task_id).first()
    if task is None or (stores is not None and task.store not in stores):
        raise NoSuchTask(task_id=task_id)
    if task.state != "open":
        raise TaskAlreadyClosed(task_id=task_id)
    # A note about somebody who was erased would be the first personal data about them again.
    kept = "" if erased_among(person_ids=[task.person_id]) else note.replace("\x00", "").strip()
    task.state, task.note, task.closed_at, task.closed_by = ("done" if done else "dropped"), kept, now, actor
    task.save(update_fields=["state", "note", "closed_at", "closed_by"])
    closed = TaskClosed(
        occurred_at=now,
        person_id=task.person_id,
        revision=2,
        task_id=task.pk,
        kind=task.kind,
        practice=task.practice,
        store=task.store,
        due_at=task.due_at,
        done=done,
    )
    publish(facts=[closed], now=now, wake=True)
