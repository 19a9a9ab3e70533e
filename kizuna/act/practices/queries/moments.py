"""The practices a customer came into, as moments of the customer's page."""

from collections.abc import Collection

from kizuna.act.practices.models import Assignment, Enrolment, PersonTag
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.queries import Part, moments


def moments_of(*, person_ids: Collection[int], with_held_out: bool) -> list[Part]:
    """Ways through practices («practice»: state and reason as on record, until the next step) and tags («tag»).

    ``with_held_out`` brings the practices whose lot keeps the customer untouched («held_out»): to know that may tempt
    whoever serves the customer to do by hand what was left out.
    """
    mine = among(column="person_id", values=person_ids)
    parts = [
        moments(
            found=Enrolment.objects.filter(mine),
            kind="practice",
            at="entered_at",
            name_ja="practice__title_ja",
            name_en="practice__title_en",
            place="practice__name",
            state="state",
            text="reason",
            until="due_at",
        ),
        moments(
            found=PersonTag.objects.filter(mine),
            kind="tag",
            at="tagged_at",
            name_ja="tag",
            name_en="tag",
            place="practice__name",
        ),
    ]
    if with_held_out:
        lots = Assignment.objects.filter(mine, held_out=True)
        parts.append(
            moments(
                found=lots,
                kind="held_out",
                at="assigned_at",
                name_ja="practice__title_ja",
                name_en="practice__title_en",
                place="practice__name",
            )
        )
    return parts
