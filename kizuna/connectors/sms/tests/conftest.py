"""An SMS service of our own, and settings that lead to it."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from kizuna.connectors.channels.tests.cast import make_person, make_templates, served
from kizuna.connectors.sms.models import SmsSettings
from kizuna.connectors.sms.tests.sms_server import NUMBER, SID, TOKEN, SmsServer
from kizuna.gates.seal import seal

PUBLIC = "https://shop.example.jp"


@pytest.fixture
def person(db: None) -> int:
    """A customer, with the template to write to them."""
    make_templates()
    return make_person()


@pytest.fixture
def sms_server(db: None, settings: LazySettings) -> Iterator[SmsServer]:
    """The service on loopback, known to the settings; our own address is a public one."""
    settings.EGRESS_LOOPBACK = True
    settings.PUBLIC_URL = PUBLIC
    server = SmsServer()
    with served(server):
        SmsSettings.objects.create(
            pk=1, account_sid=SID, auth_token_sealed=seal(text=TOKEN), sender=NUMBER, api_url=server.address
        )
        yield server
