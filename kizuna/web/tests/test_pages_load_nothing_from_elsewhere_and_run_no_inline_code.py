"""A strict content security policy, and pages that keep to it."""

import re

from django.test import Client

from kizuna.customers.staff.rules import Role
from kizuna.web.tests.addresses import addresses
from kizuna.web.tests.conftest import SignedIn

OUTSIDE = re.compile(r"""(?:src|href|action|poster|srcset|data)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"""<style\b|<[^>]+\sstyle\s*=\s*["']""", re.IGNORECASE)
HANDLER = re.compile(r"""<[^>]+\son[a-z]+\s*=\s*["']""", re.IGNORECASE)


def _offences(page: str) -> list[str]:
    found = [pattern.search(page) for pattern in (OUTSIDE, INLINE_SCRIPT, INLINE_STYLE, HANDLER)]
    return [match.group() for match in found if match]


def test_no_page_of_the_staff_breaks_the_policy(shop: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    seen, broken = 0, []
    for address in addresses():
        if address.name == "account_logout":
            continue
        answer = client.get(address.path)
        if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.streaming:
            continue
        seen += 1
        offences = _offences(answer.content.decode())
        if offences:
            broken.append((address.name, offences))
    assert broken == []
    assert seen > 30


def test_the_policy_allows_only_our_own_files(db: None, client: Client) -> None:
    for path in ("/accounts/login/", "/no/such/page/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy


def test_a_page_of_the_staff_is_not_kept_by_shared_caches(signed_in: SignedIn) -> None:
    assert "Cookie" in signed_in(Role.OWNER).get("/").headers["Vary"]
