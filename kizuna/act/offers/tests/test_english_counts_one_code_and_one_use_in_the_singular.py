"""«1 codes» is how a machine speaks."""

import pytest
from django.test import Client

from kizuna.act.offers.operations import fill_pool
from kizuna.act.offers.rules.refusals import CouponUsed, PersonLimitReached
from kizuna.act.offers.tests.conftest import NOW, issue, make


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, ("1 code waiting", "1 use left", "1 code is waiting", "1 day after")),
     (2, ("2 codes waiting", "2 uses left", "2 codes are waiting", "2 days after"))],
)  # fmt: skip
def test_the_pages_count_in_number(count: int, told: tuple[str, ...], leader: Client) -> None:
    leader.cookies["django_language"] = "en"
    offer = make(code_mode="pool", total_limit=count, valid_days=count)
    fill_pool(offer_id=offer, lines=[f"CODE-{n}" for n in range(count + 1)], actor="a", now=NOW)
    issue(None)
    detail = leader.get(f"/offers/{offer}/").content.decode()
    pool = leader.get(f"/offers/{offer}/pool/").content.decode()
    for words in told:
        assert words in detail + pool
    added = leader.post(f"/offers/{offer}/pool/", {"codes": "\n".join(f"NEW-{n:03}" for n in range(count))})
    assert ("1 code added" if count == 1 else "2 codes added") in added.content.decode()


def test_refusals_do_too() -> None:
    assert PersonLimitReached(limit=1).words.en.endswith("this offer once.")
    assert PersonLimitReached(limit=3).words.en.endswith("3 times.")
    assert CouponUsed(use_limit=1).words.en == "It has been used already."
