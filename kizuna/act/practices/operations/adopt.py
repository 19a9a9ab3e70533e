"""Take a ready practice from the shelf: its texts, its coupons, and the practice as a draft."""

from datetime import datetime

from django.db import transaction

from kizuna.act.offers.operations import ensure_offer
from kizuna.act.outreach.operations import ensure_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.operations.lifecycle import create_practice
from kizuna.act.practices.rules.shelf import Language, ready


@transaction.atomic
def adopt_ready(
    *, name: str, language: Language, actor: str, now: datetime, holdout_share: float | None = None, salt: str = ""
) -> int:
    """Keep the ready practice as a draft of the company's own; answers its id.

    Texts and coupons that are there already stay as staff have edited them. ``salt`` is for the demo, whose lots
    must be known beforehand. Raises: NotOnTheShelf, PracticeExists, and what publishing its coupons raises.
    """
    found = ready(name=name)
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
    return create_practice(
        name=name, title=found.title, flow=flow, actor=actor, now=now, priority=found.priority, salt=salt
    )
