from hashlib import blake2b

from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.generate import make_months
from kizuna.cli.demo.tests.conftest import TODAY


def _digest(plan: Plan) -> str:
    digest = blake2b()
    for month in make_months(plan=plan):
        digest.update(repr(month).encode())
    return digest.hexdigest()


def test_the_same_seed_and_day_make_the_same_company() -> None:
    small = Plan(today=TODAY, customers=400)
    assert _digest(small) == _digest(Plan(today=TODAY, customers=400))
    assert _digest(small) != _digest(Plan(today=TODAY, customers=400, seed=2))
