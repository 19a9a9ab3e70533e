import pytest
from django.utils import timezone

from kizuna.connectors.line.models import LineEvent
from kizuna.connectors.sms.models import SmsReceived
from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


def test_the_number_stands_where_no_customer_is_known(signed_in: SignedIn) -> None:
    now = timezone.now()
    SmsReceived.objects.create(sid="1", phone="+818000000000", text="いつまで使えますか", received_at=now)
    stranger = "U" + "a" * 32
    LineEvent.objects.create(
        webhook_event_id="e1", kind="message", user_id=stranger, text="こんにちは", occurred_at=now, received_at=now
    )
    page = signed_in(Role.AGENT).get("/messages/replies/").content.decode()
    assert page.count("どなたか分かりません") == 2
    assert "+818000000000" in page
    assert stranger not in page  # a name LINE alone understands
