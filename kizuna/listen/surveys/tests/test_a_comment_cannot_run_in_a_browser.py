import re

import pytest
from django.test import Client
from django.utils import timezone

from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.tests.conftest import token_of

pytestmark = pytest.mark.django_db
ATTACK = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}"


def staff(client: Client, role: str = "manager") -> Client:
    user_id = create_user(email=f"{role}@example.jp", name="係", role=role, now=timezone.now())
    client.force_login(User.objects.get(pk=user_id))
    return client


def test_a_comment_cannot_run_in_a_browser(client: Client, live_link: IssuedInvitation) -> None:
    client.post(f"/s/{token_of(live_link)}", {"score": "0", "comment": ATTACK})

    pages = [client.get(f"/s/{token_of(live_link)}")]
    staff(client)
    pages += [client.get(address) for address in ("/surveys/", "/surveys/answers/", _detail(client))]
    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_customers_page_allows_no_script_and_leaks_no_address(client: Client, live_link: IssuedInvitation) -> None:
    for address in (f"/s/{token_of(live_link)}", "/s/forged"):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        text = response.content.decode()
        assert not re.search(r"<script|\sstyle=|\son\w+=|<style", text)
        assert not re.search(r"https?://", text.replace("http://www.w3.org", ""))


def _detail(client: Client) -> str:
    found = re.search(r'href="(/surveys/\d+/)"', client.get("/surveys/").content.decode())
    assert found
    return found[1]
