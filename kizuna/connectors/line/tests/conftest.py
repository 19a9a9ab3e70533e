"""A LINE of our own, and settings that lead to it."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from kizuna.connectors.channels.tests.cast import make_person, make_templates, served
from kizuna.connectors.line.models import LineSettings
from kizuna.connectors.line.tests.line_server import SECRET, TOKEN, LineServer
from kizuna.gates.seal import seal


@pytest.fixture
def person(db: None) -> int:
    """A customer, with the template to write to them."""
    make_templates()
    return make_person()


@pytest.fixture
def line_server(db: None, settings: LazySettings) -> Iterator[LineServer]:
    """LINE on loopback, known to the settings."""
    settings.EGRESS_LOOPBACK = True
    server = LineServer()
    with served(server):
        LineSettings.objects.create(
            pk=1,
            access_token_sealed=seal(text=TOKEN),
            channel_secret_sealed=seal(text=SECRET),
            api_url=server.address,
        )
        yield server
