"""Take a ready practice from the shelf: its texts, its coupons, and the practice as a draft."""

from datetime import datetime

from django.db import transaction

from kizuna.act.offers.operations import ensure_offer
from kizuna.act.outreach.operations import ensure_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.operations.lifecycle import PracticeExists, create_practice
from kizuna.act.practices.queries.tries import latest_tries
from kizuna.act.practices.rules.shelf import Language, ready
from kizuna.words import Words


@transaction.atomic
def adopt_ready(
    *, name: str, language: Language, actor: str, now: datetime, holdout_share: float | None = None, salt: str = ""
) -> str:
    """Keep the ready practice as a draft of the company's own; answers the name it got.

    Once a try of it has ended it can be taken again: a further try has a number in its name, lots of its own, and is
    pooled with the earlier ones. Texts and coupons that are there already stay as staff have edited them. ``salt`` is
    for the demo, whose lots must be known beforehand.
    Raises: NotOnTheShelf, PracticeExists, and what publishing its coupons raises.
    """
    found = ready(name=name)
    before = latest_tries(names=[name]).get(name)
    if before is not None and before.state != "ended":
        raise PracticeExists(name=before.name)
    number = before.number + 1 if before else 1
    again = Words(ja=f"{found.title.ja}（{number}回目）", en=f"{found.title.en} (try {number})")
    for offer in found.offers:
        ensure_offer(name=offer.name, title=offer.title, actor=actor, now=now, **offer.terms)
    for template in found.templates:
        ensure_template(
            name=template.name,
            title=template.title,
            purpose=template.purpose,
            bodies=[
                Body(channel, spoken, said.get("subject", ""), said["body"])
                for channel, languages in template.bodies.items()
                for spoken, said in languages.items()
            ],
            now=now,
        )
    flow = found.flow(language=language, holdout_share=holdout_share)
    own = name if number == 1 else f"{name}-{number}"
    title = found.title if number == 1 else again
    create_practice(name=own, title=title, flow=flow, actor=actor, now=now, priority=found.priority, salt=salt)
    return own
