"""Let a channel take what may be sent: the gate is asked for each message, and the attempt is on record before it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import connection, transaction

from kizuna.act.outreach.models import Message, SentCopy
from kizuna.act.outreach.operations.expire import not_sent
from kizuna.act.outreach.queries.world import Tally, Wordings, World, load
from kizuna.act.outreach.rules import CHANNELS, Decision, Never, Send, Sendable, Situation, Wait, decide
from kizuna.act.outreach.rules.digest import address_digest
from kizuna.act.outreach.rules.drafts import agreed_as
from kizuna.act.outreach.rules.links import picture_url, unsubscribe_url
from kizuna.act.outreach.rules.merge import MissingValue, Named, order_values
from kizuna.act.outreach.rules.reasons import telling
from kizuna.act.outreach.rules.wording import Rendered, render, wording
from kizuna.customers.consent.operations import hold_consent
from kizuna.customers.people.queries import Contact
from kizuna.facts.outbox.operations import publish
from kizuna.facts.rows.operations import insert_rows, reach, update_rows

_ROUNDS: Final = 50
"""Batches looked through in one call before it answers that there is nothing to send."""
KEY_LIFETIME: Final = timedelta(hours=23)
"""So long a provider knows a key again (LINE: 24 hours). Later, the same key would be a second message."""
_COLUMNS: Final = (
    *("id", "state", "route", "reason", "note", "attempts", "lease_until", "attempted_at", "next_at", "due_at"),
    *("template_version", "purpose", "address_digest", "revision", "ended_at"),
)
_COPY: Final = ("message_id", "address", "language", "subject", "text", "html", "made_at")


def claim(*, channel: str, limit: int, lease_seconds: int, now: datetime) -> list[Sendable]:
    """Up to ``limit`` messages for this channel that may go out now, their attempts already committed.

    What may not go out is noted with its reason on the way. Report each one back with ``accepted``, ``refused`` or
    ``uncertain`` before the lease ends; an empty list means that nothing is due.
    """
    for _ in range(_ROUNDS):
        with transaction.atomic():
            # Consent is held still from here to the commit: a refusal is either seen below or comes after it.
            hold_consent()
            messages = _due(channel=channel, limit=limit, now=now)
            sendables = _decide_all(messages=messages, channel=channel, lease_seconds=lease_seconds, now=now)
            reach(label="outreach.claim")
        reach(label="outreach.attempting")
        if sendables or not messages:
            return sendables
    return []


def _due(*, channel: str, limit: int, now: datetime) -> list[Message]:
    skip_locked = connection.features.has_select_for_update_skip_locked
    due = Message.objects.filter(state="planned", next_at__lte=now, route__in=("", channel))
    found = due.order_by("next_at", "id").select_for_update(skip_locked=skip_locked)[:limit]
    return sorted(found, key=lambda one: (-one.priority, one.due_at, one.pk))


def _decide_all(*, messages: Sequence[Message], channel: str, lease_seconds: int, now: datetime) -> list[Sendable]:
    if not messages:
        return []
    world = load(messages=messages, now=now)
    sendables, copies, refused = [], [], []
    for message in messages:
        found = _take(message=message, channel=channel, world=world)
        for tally in (world.advertising, world.practices):
            tally.waiting[_root(message=message, world=world)].pop(message.pk, None)
        if isinstance(found, Sendable):
            message.lease_until = now + timedelta(seconds=lease_seconds)
            sendables.append(found)
            if message.pk not in world.copies:
                said = (found.address, found.language, found.subject, found.text, found.html, now)
                copies.append((message.pk, *said))
        elif message.state == "not_sent":
            message.revision += 1
            refused.append(not_sent(message=message, now=now))
    update_rows(model=Message, columns=_COLUMNS, rows=[[getattr(one, name) for name in _COLUMNS] for one in messages])
    # A message that a person sent again after looking into it is worded anew: its old copy gives way.
    SentCopy.objects.filter(message_id__in=[row[0] for row in copies]).delete()
    insert_rows(model=SentCopy, columns=_COPY, rows=copies)
    publish(facts=refused, now=now, wake=True)
    return sendables


def _take(*, message: Message, channel: str, world: World) -> Sendable | None:
    """Decide about one message and write the decision on it; a Sendable when it goes out now on this channel."""
    contact = world.contacts.get(message.person_id)
    if contact is None:
        _apply(message=message, decision=Never(slug="erased"), now=world.now)
        return None
    if message.unresolved and message.attempted_at and world.now - message.attempted_at > KEY_LIFETIME:
        _apply(message=message, decision=Never(slug="stale"), now=world.now)
        return None
    wordings = world.templates.get(message.template)
    if wordings is not None:
        message.purpose, message.template_version = wordings.purpose, wordings.version
    route, address, refusal = _route(message=message, contact=contact, wordings=wordings, world=world)
    if not refusal and route not in {"", channel}:
        message.route = route  # it goes another way: that channel asks the gate for itself
        return None
    message.route = route or message.route
    decision = decide(situation=_situation(message=message, contact=contact, refusal=refusal, world=world))
    if not isinstance(decision, Send) or wordings is None:
        _apply(message=message, decision=decision, now=world.now)
        return None
    return _attempt(message=message, contact=contact, wordings=wordings, address=address, world=world)


def _route(*, message: Message, contact: Contact, wordings: Wordings | None, world: World) -> tuple[str, str, str]:
    """(channel, address, "") for the way the message takes, or (channel or "", "", why there is none)."""
    copy = world.copies.get(message.pk)
    agreed = agreed_as(purpose=message.purpose, practice=message.practice)
    if wordings is None:
        return message.route, "", ""
    if copy is not None:
        # The same key must carry the same words to the same address.
        _, why = world.reach(contact=contact, channel=message.route, purpose=agreed)
        return message.route, copy.address, why
    liked, language = world.likings.get(contact.root_id, ("", ""))
    wanted = [message.channel] if message.channel != "auto" else sorted(CHANNELS, key=lambda name: name != liked)
    why_not: list[str] = []
    for name in wanted:
        if wording(bodies=wordings.bodies, channel=name, language=language or "ja") is None:
            why_not.append("no_wording")
            continue
        address, why = world.reach(contact=contact, channel=name, purpose=agreed)
        if not why:
            return name, address, ""
        why_not.append(why)
    return "", "", telling(slugs=why_not)


def _situation(*, message: Message, contact: Contact, refusal: str, world: World) -> Situation:
    root = contact.root_id
    return Situation(
        now=world.now,
        purpose=message.purpose,
        by_practice=bool(message.practice),
        due_at=message.due_at,
        late="send" if message.late == "send" else ("shift" if message.late == "shift" else "skip"),
        stale_after_seconds=message.stale_after_seconds,
        refusal=refusal,
        erased=contact.erased,
        called_off=message.called_off,
        paused=message.practice in world.held,
        order=_order(message=message, world=world),
        salt=message.salt,
        holdout_share=message.holdout_share,
        unit=message.person_id,
        left_out=world.leaves_out(message=message),
        recent=_recent(tally=world.advertising, message=message, root=root),
        ahead=_ahead(tally=world.advertising, message=message, root=root),
        recent_by_practices=_recent(tally=world.practices, message=message, root=root),
        ahead_by_practices=_ahead(tally=world.practices, message=message, root=root),
        published=message.template in world.templates,
        sender_complete=world.settings.sender.complete,
        hours=world.settings.hours,
        cap=world.settings.cap,
    )


def _recent(*, tally: Tally, message: Message, root: int) -> list[datetime]:
    return [at for id_, at in tally.recent[root].items() if id_ != message.pk]


def _ahead(*, tally: Tally, message: Message, root: int) -> int:
    return sum(1 for priority in tally.waiting[root].values() if priority > message.priority)


def _order(*, message: Message, world: World) -> str:
    if message.order_id is None:
        return ""
    standing = world.orders.get(message.order_id)
    if standing is None:
        return "gone"
    if standing.cancelled or standing.refunded:
        return "cancelled" if standing.cancelled else "refunded"
    if message.premise != "overdue":
        return ""
    arrival = world.arrivals.get(message.order_id)
    return "" if arrival is not None and arrival.is_overdue(now=world.now) else "not_late"


def _attempt(*, message: Message, contact: Contact, wordings: Wordings, address: str, world: World) -> Sendable | None:
    try:
        rendered = _rendered(message=message, contact=contact, wordings=wordings, world=world)
    except MissingValue as missing:
        _apply(message=message, decision=Never(slug="missing_value"), now=world.now)
        message.note = missing.field
        return None
    message.state, message.reason, message.note = "attempting", "", ""
    message.attempts += 1
    message.attempted_at = world.now
    message.address_digest = address_digest(channel=message.route, address=address)
    for tally in world.tallies(purpose=message.purpose, practice=message.practice):
        tally.recent[contact.root_id][message.pk] = world.now
    return Sendable(
        message_id=message.pk,
        key=message.key,
        channel=message.route,
        address=address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=rendered.language,
        unsubscribe_url=_opt_out(message=message),
        purpose=message.purpose,
        sender_name=world.settings.sender.name,
        attempt=message.attempts,
    )


def _rendered(*, message: Message, contact: Contact, wordings: Wordings, world: World) -> Rendered:
    copy = world.copies.get(message.pk)
    if copy is not None:
        return Rendered(subject=copy.subject, text=copy.text, html=copy.html, language=copy.language)
    _, language = world.likings.get(contact.root_id, ("", ""))
    body = wording(bodies=wordings.bodies, channel=message.route, language=language or "ja")
    if body is None:
        raise MissingValue(field=message.route)
    standing = world.orders.get(message.order_id or 0)
    values: dict[str, str] = {}
    if standing is not None:
        values = order_values(number=standing.external_id, product=standing.product, language=body.language)
    values |= msgspec.json.decode(message.values, type=dict[str, str]) if message.values else {}
    return render(
        body=body,
        channel=message.route,
        purpose=message.purpose,
        values=values,
        named=Named(family_name=contact.family_name, given_name=contact.given_name, display_name=contact.display_name),
        sender=world.settings.sender,
        opt_out=_opt_out(message=message),
        picture=picture_url(message_id=message.pk) if world.settings.tracks_opens else "",
    )


def _opt_out(*, message: Message) -> str:
    """Whoever did not ask for a message by ordering or asking can stop it."""
    wanted = message.purpose != "service" or message.practice
    return unsubscribe_url(message_id=message.pk) if wanted else ""


def _apply(*, message: Message, decision: Decision, now: datetime) -> None:
    if isinstance(decision, Wait):
        message.next_at, message.reason = decision.until, decision.slug
        if decision.shifts:
            message.due_at = decision.until
    elif isinstance(decision, Never) and message.unresolved:
        # It may have gone out in the attempt that never answered: saying «not sent» could be untrue.
        # Whom a lot leaves untouched is not told here: a message in doubt is looked after by those who serve.
        message.note = "" if decision.slug == "held_out" else decision.slug
        message.state, message.reason = "uncertain", "unknown_result"
    elif isinstance(decision, Never):
        message.note = message.reason if decision.slug == "stale" else ""
        message.state, message.reason, message.ended_at = "not_sent", decision.slug, now


def _root(*, message: Message, world: World) -> int:
    contact = world.contacts.get(message.person_id)
    return contact.root_id if contact else message.person_id
