"""``kizuna export-person``, ``erase-person`` and ``user create``: what the law and the first day ask for."""

import argparse
import getpass
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import transaction

from kizuna.act.offers import operations as offers
from kizuna.act.offers import queries as offer_queries
from kizuna.act.outreach import operations as outreach
from kizuna.act.outreach import queries as outreach_queries
from kizuna.act.practices import operations as practices
from kizuna.act.practices import queries as practice_queries
from kizuna.cli import Subparsers
from kizuna.connectors.line import operations as line
from kizuna.connectors.line import queries as line_queries
from kizuna.connectors.mail import operations as mail
from kizuna.connectors.sms import operations as sms
from kizuna.connectors.sms import queries as sms_queries
from kizuna.connectors.tables import operations as tables
from kizuna.customers.consent import operations as consent
from kizuna.customers.consent import queries as consents
from kizuna.customers.notes import operations as notes
from kizuna.customers.notes import queries as note_queries
from kizuna.customers.orders import operations as orders
from kizuna.customers.orders import queries as order_queries
from kizuna.customers.people import operations as people
from kizuna.customers.people import queries as person_queries
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.rules import Role
from kizuna.errors import Invalid
from kizuna.facts.audit.operations import record
from kizuna.listen.reviews import operations as reviews
from kizuna.listen.reviews.queries import reviews_of
from kizuna.listen.surveys import operations as surveys
from kizuna.listen.surveys.queries import answers_of
from kizuna.prove.improvements import operations as improvements
from kizuna.prove.improvements import queries as improvement_queries
from kizuna.words import Words

_ERASERS = (
    improvements,
    tables,
    mail,
    line,
    sms,
    practices,
    outreach,
    offers,
    reviews,
    surveys,
    notes,
    consent,
    orders,
    people,
)
"""Top room first: each finds the customer's records through people, which therefore comes last."""

_ANSWER = {
    "answered_at": "回答日時",
    "instrument": "設問",
    "score": "点数",
    "touchpoint": "接点",
    "store": "店舗",
    "product": "商品",
    "comment": "コメント",
    "source": "取得元",
}
_REVIEW = {
    "posted_at": "投稿日時",
    "site": "サイト",
    "rating": "評価",
    "title": "題名",
    "comment": "本文",
    "reply": "返信",
    "product": "商品",
}


class MoreThanOneCustomer(Invalid):
    """The mail address leads to several customers."""

    code = "more_than_one_customer"

    def __init__(self, *, roots: Sequence[int]) -> None:
        numbers = ", ".join(map(str, roots))
        super().__init__(
            Words(
                ja="このメールアドレスの顧客が複数います。番号で指定してください: {numbers}",
                en="Several customers have this address. Name one by its number: {numbers}",
            ).fill(numbers=numbers)
        )
        self.roots = tuple(roots)


class NotConfirmed(Invalid):
    """Erasing cannot be undone, so it is asked for twice."""

    code = "not_confirmed"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="消去は取り消せません。実行するには --yes を付けてください。",
                en="Erasing cannot be undone. Add --yes to go ahead.",
            )
        )


def add(*, subparsers: Subparsers) -> None:
    """Bring ``export-person``, ``erase-person`` and ``user``."""
    export = subparsers.add_parser("export-person", help="everything known about one customer, as JSON")
    export.add_argument("id", metavar="ID", help="person id or mail address")
    export.add_argument("--out", type=Path, metavar="FILE", help="write here, readable by you only")
    export.set_defaults(run=_export)
    erase = subparsers.add_parser("erase-person", help="erase one customer's personal data everywhere")
    erase.add_argument("id", metavar="ID", help="person id or mail address")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.set_defaults(run=_erase)
    user = subparsers.add_parser("user", help="the people who work with Kizuna")
    verbs = user.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser("create", help="let somebody sign in; prints a password to be changed")
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--role", required=True, choices=[role.value for role in Role])
    create.add_argument("--store", action="append", default=[], metavar="CODE", help="a store they belong to")
    create.set_defaults(run=_create_user)


def _customer(*, text: str) -> int:
    roots = person_queries.find_people(text=text)
    if len(roots) > 1:
        raise MoreThanOneCustomer(roots=roots)
    return roots[0]


def _export(arguments: argparse.Namespace) -> int:
    root = _customer(text=arguments.id)
    now = datetime.now(tz=UTC)
    text = json.dumps(collect(root_id=root, now=now), ensure_ascii=False, indent=2, default=_plain)
    record(actor=_actor(), action="people.exported", target=f"person:{root}", detail={}, now=now)
    if arguments.out is None:
        print(text)
        return 0
    descriptor = os.open(arguments.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return 0


def collect(*, root_id: int, now: datetime) -> dict[str, object]:
    """What every room knows about a customer, labelled in Japanese."""
    ids = person_queries.records_of(person_id=root_id)
    return {
        "作成日時": now,
        "顧客番号": ids[0],
        **person_queries.export_people(person_ids=ids),
        **consents.export_people(person_ids=ids),
        **order_queries.export_people(person_ids=ids),
        **note_queries.export_people(person_ids=ids),
        **practice_queries.export_people(person_ids=ids),
        **offer_queries.export_people(person_ids=ids),
        **outreach_queries.export_people(person_ids=ids),
        **line_queries.export_people(person_ids=ids),
        **sms_queries.export_people(person_ids=ids),
        **improvement_queries.export_people(person_ids=ids),
        "アンケートの回答": [_labelled(card=asdict(card), labels=_ANSWER) for card in answers_of(person_ids=ids)],
        "レビュー": [_labelled(card=asdict(card), labels=_REVIEW) for card in reviews_of(person_ids=ids)],
    }


def _labelled(*, card: dict[str, object], labels: dict[str, str]) -> dict[str, object]:
    return {label: card[name] for name, label in labels.items()}


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be exported")


def _erase(arguments: argparse.Namespace) -> int:
    root = _customer(text=arguments.id)
    if not arguments.yes and not _confirmed(root=root):
        raise NotConfirmed
    erase(root_id=root, actor=_actor(), now=present())
    print(f"顧客 {root} の個人情報を消去しました。\nThe personal data of customer {root} has been erased.")
    return 0


def erase(*, root_id: int, actor: str, now: datetime) -> None:
    """Erase a customer in every room at once, then rewrite the database's files."""
    with transaction.atomic():
        for room in _ERASERS:
            room.erase_people(root_id=root_id, now=now)
        record(actor=actor, action="people.erased", target=f"person:{root_id}", detail={}, now=now)
    people.scrub_database()


def _confirmed(*, root: int) -> bool:
    if not sys.stdin.isatty():
        return False
    print(f"顧客 {root} の個人情報をすべて消去します。取り消せません。\nErase everything personal of customer {root}?")
    return input("yes? ").strip().lower() == "yes"


def _actor() -> str:
    """Who runs the command line, as the machine knows them."""
    return f"cli:{getpass.getuser()}"


def _create_user(arguments: argparse.Namespace) -> int:
    password = secrets.token_urlsafe(12)
    now = datetime.now(tz=UTC)
    create_user(
        email=arguments.email,
        name=arguments.name,
        role=arguments.role,
        stores=arguments.store,
        password=password,
        actor=_actor(),
        now=now,
    )
    print(f"{arguments.email}\n{password}")
    return 0
