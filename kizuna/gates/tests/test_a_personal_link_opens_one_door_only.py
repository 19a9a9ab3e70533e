"""A signature for one purpose is none for another, and a page behind such a link tells nobody its address."""

import pytest
from django.http import HttpResponse

from kizuna.gates.links import LinkForged, kept_private, read_signed, signed


def test_what_was_signed_is_read_for_its_own_purpose() -> None:
    token = signed(text="42", purpose="stop")
    assert read_signed(token=token, purpose="stop", limit=120) == "42"
    for wrong, purpose, limit in ((token, "picture", 120), (token[:-1], "stop", 120), (token, "stop", len(token) - 1)):
        with pytest.raises(LinkForged):
            read_signed(token=wrong, purpose=purpose, limit=limit)


def test_the_page_runs_no_script_and_leaks_no_address() -> None:
    answer = kept_private(response=HttpResponse())
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
