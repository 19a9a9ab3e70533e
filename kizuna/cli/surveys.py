"""``kizuna invite``: a personal survey link for one customer."""

import argparse
import json

from kizuna.cli import Subparsers
from kizuna.customers.people.queries import find_people
from kizuna.customers.staff.queries import present
from kizuna.errors import Conflict
from kizuna.listen.surveys.operations import ensure_standard_surveys, invite
from kizuna.listen.surveys.queries import survey_id_of
from kizuna.words import Words


class SeveralPeople(Conflict):
    """The mail address belongs to more than one customer."""

    code = "several_people"

    def __init__(self, *, person_ids: tuple[int, ...]) -> None:
        self.person_ids = person_ids
        words = Words(
            ja="このメールアドレスのお客様は複数います。顧客番号で指定してください: {ids}",
            en="Several customers have this mail address. Name one by id: {ids}",
        )
        super().__init__(words.fill(ids=", ".join(str(person) for person in person_ids)))


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna invite``."""
    parser = subparsers.add_parser("invite", help="issue a personal survey link for one customer")
    parser.add_argument("person", metavar="PERSON_ID_OR_EMAIL")
    parser.add_argument("--survey", default="nps", help="short name of the survey: nps, csat, ces (default nps)")
    parser.add_argument("--locale", choices=["ja", "en"], default="ja")
    parser.add_argument("--json", action="store_true", help="print the invitation as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Issue the link and print it."""
    now = present()
    found = find_people(text=arguments.person)
    if len(found) > 1:
        raise SeveralPeople(person_ids=found)
    ensure_standard_surveys(now=now)
    issued = invite(
        survey_id=survey_id_of(slug=arguments.survey),
        person_id=found[0],
        order_id=None,
        channel="link",
        now=now,
        locale=arguments.locale,
    )
    if not arguments.json:
        print(issued.url)
        return 0
    told = {
        "invitation_id": issued.invitation_id,
        "person_id": issued.person_id,
        "survey": issued.survey,
        "locale": issued.locale,
        "expires_at": issued.expires_at.isoformat(),
        "url": issued.url,
    }
    print(json.dumps(told, ensure_ascii=False))
    return 0
