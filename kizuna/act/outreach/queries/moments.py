"""What was written to a customer and what staff were asked to do, as moments of the customer's page."""

from collections.abc import Collection

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from kizuna.act.outreach.models import Message, Task, Template
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.queries import Part, moments


def moments_of(*, person_ids: Collection[int], stores: frozenset[str] | None, with_held_out: bool) -> list[Part]:
    """Messages («message»: place is the way it takes, text the reason) and tasks («task»: place is the kind).

    Without ``with_held_out`` a message that a lot stopped is left out: to know of it may tempt to make up for it.

    A message's moment is when it was sent, else when it was given up, tried or is due; a task's, when it was closed,
    else when it is due. A task's title may hold merge fields.
    """
    mine = among(column="person_id", values=person_ids)
    named = Template.objects.filter(name=OuterRef("template"))
    tasks = Task.objects.filter(mine)
    written = Message.objects.filter(mine)
    return [
        moments(
            found=written if with_held_out else written.exclude(reason="held_out"),
            kind="message",
            at=Coalesce("sent_at", "ended_at", "attempted_at", "next_at"),
            name_ja=Coalesce(Subquery(named.values("title_ja")[:1]), "template"),
            name_en=Coalesce(Subquery(named.values("title_en")[:1]), "template"),
            place="route",
            state="state",
            text="reason",
        ),
        moments(
            found=tasks if stores is None else tasks.filter(store__in=list(stores)),
            kind="task",
            at=Coalesce("closed_at", "due_at"),
            name_ja="title",
            name_en="title",
            place="kind",
            state="state",
            text="note",
        ),
    ]
