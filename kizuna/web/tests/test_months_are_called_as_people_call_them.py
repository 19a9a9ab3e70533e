"""2026年10月 and Oct 2026 on pages, 2026-10 in files and addresses."""

import json
import re

import pytest
from django.utils import timezone

from kizuna.customers.staff.rules import Role
from kizuna.web.spans import span_short, span_words
from kizuna.web.tests.conftest import SignedIn


@pytest.mark.parametrize(
    ("dim", "value", "ja", "en", "short_ja", "short_en"),
    [
        ("month", "2026-10", "2026年10月", "Oct 2026", "26年10月", "Oct ’26"),
        ("month", "2009-01", "2009年1月", "Jan 2009", "09年1月", "Jan ’09"),
        ("week", "2026-W01", "2025年12月29日の週", "Week of 29 Dec 2025", "25/12/29", "29 Dec ’25"),
        ("day", "2026-03-05", "2026年3月5日", "5 Mar 2026", "26/3/5", "5 Mar ’26"),
    ],
)
def test_each_span_has_a_long_and_a_short_name(
    dim: str, value: str, ja: str, en: str, short_ja: str, short_en: str
) -> None:
    long, short = span_words(dim=dim, value=value), span_short(dim=dim, value=value)
    assert (long.ja, long.en, short.ja, short.en) == (ja, en, short_ja, short_en)


def test_chart_and_tables_say_the_month_in_words_and_links_keep_its_code(shop: int, signed_in: SignedIn) -> None:
    today = timezone.localdate()
    client = signed_in(Role.OWNER)
    page = client.get("/metrics/nps/").content.decode()
    found = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    last = json.loads(found.group(1))["points"][-1]
    assert (last["label"], last["axis"]) == (f"{today.year}年{today.month}月", f"{today:%y}年{today.month}月")
    assert f'<th scope="row" class="k-num">{today.year}年{today.month}月</th>' in page

    journey = client.get("/journey/").content.decode()
    assert f'<th scope="col">{today:%y}年{today.month}月</th>' in journey
    assert f"month={today:%Y-%m}" in journey
    assert f"月: {today.year}年{today.month}月" in client.get(f"/metrics/nps/?month={today:%Y-%m}").content.decode()
    client.cookies["django_language"] = "en"
    assert re.search(
        r'<th scope="row" class="k-num">[A-Z][a-z]{2} 20\d\d</th>', client.get("/metrics/cohorts/").content.decode()
    )


def test_the_export_keeps_the_code(shop: int, signed_in: SignedIn) -> None:
    answer = signed_in(Role.OWNER).get("/metrics/nps/export/?format=csv")
    assert f"\r\n{timezone.localdate():%Y-%m}," in b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
