"""Nouns about consent: what was said, what is in force, what may be sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.rules import allowed_without_statement
from kizuna.customers.people.queries import profile
from kizuna.customers.stores.queries import among
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCard:
    """One statement; ``in_force`` marks the latest of its channel and purpose over all of the customer's records."""

    consent_id: int
    person_id: int
    channel: str
    purpose: str
    granted: bool
    in_force: bool
    proof_text: str
    proof_file: str
    proof_line: int | None
    proof_ip: str | None
    proof_url: str
    actor: str
    stated_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether something may be sent, and the reason a person can read."""

    allowed: bool
    reason: Words


def consents_of(*, person_ids: Collection[int]) -> list[ConsentCard]:
    """Every statement of these records, newest first."""
    seen: set[tuple[str, str]] = set()
    cards = []
    for row in Consent.objects.filter(person_id__in=list(person_ids)).order_by("-stated_at", "-id"):
        latest = (row.channel, row.purpose) not in seen
        seen.add((row.channel, row.purpose))
        cards.append(
            ConsentCard(
                consent_id=row.pk,
                person_id=row.person_id,
                channel=row.channel,
                purpose=row.purpose,
                granted=row.granted,
                in_force=latest,
                proof_text=row.proof_text,
                proof_file=row.proof_file,
                proof_line=row.proof_line,
                proof_ip=row.proof_ip,
                proof_url=row.proof_url,
                actor=row.actor,
                stated_at=row.stated_at,
                recorded_at=row.recorded_at,
            )
        )
    return cards


def in_force(*, person_ids: Collection[int], purpose: str) -> dict[tuple[int, str], tuple[datetime, bool]]:
    """The latest statement of each person record and channel for a purpose: when, and whether it agreed."""
    if not person_ids:
        return {}
    rows = Consent.objects.filter(among(column="person_id", values=person_ids), purpose=purpose)
    ordered = rows.order_by("stated_at", "id").values_list("person_id", "channel", "stated_at", "granted")
    return {(person, channel): (at, granted) for person, channel, at, granted in ordered}


def permission(*, person_id: int, channel: str, purpose: str, known: bool = False) -> Permission:
    """Whether this customer may be reached on a channel for a purpose; ``known`` as for ``allowed_without_statement``.

    A marketplace's relay address never takes advertising, whatever a file says (its rules forbid it).
    """
    customer = profile(person_id=person_id)
    if customer.erased_at is not None:
        return Permission(allowed=False, reason=Words(ja="消去済みの顧客です。", en="The customer was erased."))
    if channel == "mail" and purpose not in {"service", "follow_up"} and not customer.marketing_mail_allowed:
        return Permission(
            allowed=False,
            reason=Words(
                ja="モール発行の転送用アドレスのため、広告やアンケートは送れません。",
                en="The address was lent by a marketplace and takes neither advertising nor surveys.",
            ),
        )
    cards = consents_of(person_ids=customer.person_ids)
    latest = next((card for card in cards if (card.channel, card.purpose) == (channel, purpose)), None)
    if latest is None:
        allowed = allowed_without_statement(purpose=purpose, known=known)
        reason = Words(ja="同意の記録がありません。", en="No consent has been recorded.")
        needed = Words(
            ja="広告を含まない連絡のため、同意がなくても送れます。", en="No advertising: it needs no consent."
        )
        return Permission(allowed=allowed, reason=needed if allowed else reason)
    if latest.granted:
        return Permission(allowed=True, reason=Words(ja="同意があります。", en="Consent was given."))
    return Permission(allowed=False, reason=Words(ja="拒否の意思表示があります。", en="The customer has refused."))


def statements_of(*, person_ids: Collection[int]) -> dict[int, dict[tuple[str, str], tuple[datetime, int, bool]]]:
    """What each record has said last, by (channel, purpose): when, in which statement, and yes or no.

    A customer of several records has said what the latest of them says; compare the first two members.
    """
    said: dict[int, dict[tuple[str, str], tuple[datetime, int, bool]]] = {}
    rows = Consent.objects.filter(among(column="person_id", values=person_ids)).order_by("stated_at", "id")
    for person, channel, purpose, at, id_, granted in rows.values_list(
        "person_id", "channel", "purpose", "stated_at", "id", "granted"
    ):
        said.setdefault(person, {})[channel, purpose] = (at, id_, granted)
    return said


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every statement with its proof, labelled in Japanese."""
    return {
        "同意の記録": [
            {
                "経路": card.channel,
                "目的": card.purpose,
                "同意": card.granted,
                "有効": card.in_force,
                "根拠の文面": card.proof_text,
                "根拠のファイル": card.proof_file,
                "行": card.proof_line,
                "IPアドレス": card.proof_ip,
                "URL": card.proof_url,
                "表明日時": card.stated_at,
            }
            for card in consents_of(person_ids=person_ids)
        ]
    }
