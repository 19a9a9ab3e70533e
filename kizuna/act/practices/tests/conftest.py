"""The shop of the practices' tests."""

import pytest

from kizuna.act.practices.tests.shop import Shop


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop with one template and the standard surveys."""
    del db
    made = Shop()
    made.template()
    return made
