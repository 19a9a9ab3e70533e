"""A refusal is kept with both wordings and told in one; what failed inside is told without its trace."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings

from kizuna.act.offers.models import Offer
from kizuna.act.outreach.models import Template
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.queries import practice
from kizuna.act.practices.rules.flow import Coupon, End, Node, Send
from kizuna.act.practices.rules.reasons import KNOWN, kept, reason_of
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import Shop, begin, offered, thanks
from kizuna.errors import Invalid
from kizuna.words import Words

NODES: dict[str, Node] = {
    "give": Coupon(offer="next500", next="tell"),
    "tell": Send(template="nowhere", next="end"),
    "end": End(),
}


def _begun(shop: Shop) -> None:
    offered(shop)
    shop.template("nowhere")
    begin(shop, thanks(nodes=NODES, first="give"))
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()


def _main(sign_in: SignIn, path: str, *, language: str) -> str:
    client = sign_in("manager")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    found = re.search(r"<main.*</main>", client.get(path).content.decode(), flags=re.DOTALL)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("path", ["/practices/thank-you/", "/practices/thank-you/people/"])
def test_one_who_is_refused_at_a_step(path: str, shop: Shop, sign_in: SignIn) -> None:
    _begun(shop)
    Template.objects.filter(name="nowhere").delete()
    shop.step()
    assert shop.standing() == [("tell", "stuck")]
    ja, en = "配信の項目「template」の値「nowhere」は使えません。", "The message cannot be planned: its template is"
    japanese, english = _main(sign_in, path, language="ja"), _main(sign_in, path, language="en")
    assert (ja in japanese, en in japanese) == (True, False)
    assert (ja in english, en in english) == (False, True)
    assert "draft_not_plannable" not in japanese + english


def test_one_for_whom_a_step_as_a_whole_is_refused(shop: Shop, sign_in: SignIn) -> None:
    _begun(shop)
    Offer.objects.update(name="renamed")
    for _ in range(12):
        shop.step()
        shop.wait(timedelta(hours=3))
    assert shop.standing() == [("give", "stuck")]
    (stuck,) = practice(name="thank-you").stuck
    assert "issue_coupons" in stuck.reason.trace, "whoever mends it reads where it failed"
    japanese = _main(sign_in, "/practices/thank-you/", language="ja")
    english = _main(sign_in, "/practices/thank-you/", language="en")
    assert (stuck.reason.words.ja in japanese, stuck.reason.words.en in japanese) == (True, False)
    assert (stuck.reason.words.ja in english, stuck.reason.words.en in english) == (False, True)
    assert "issue_coupons" not in japanese + english


def test_what_is_kept_comes_back_and_anything_else_is_told_by_its_last_line() -> None:
    refusal = Invalid(Words(ja="{「使えません」}", en='"not" {usable}'))
    found = reason_of(text=kept(refusal=refusal, trace="line 7"))
    assert (found.code, found.words, found.trace) == ("invalid", refusal.words, "line 7")
    broken = reason_of(text="in move.py, line 7\nDecodeError")
    assert (broken.code, broken.words.en) == ("failed", "Something went wrong inside (DecodeError).")
    assert "line 7" in broken.trace
    assert reason_of(text="people_parted").words.ja == "お客様の統合の取り消し"


@pytest.mark.parametrize("reason", KNOWN)
def test_every_reason_for_leaving_is_told_on_the_page_in_its_words(reason: str, shop: Shop, sign_in: SignIn) -> None:
    _begun(shop)
    Enrolment.objects.update(state="left", reason=reason, due_at=None)
    for language, words in (("ja", KNOWN[reason].ja), ("en", KNOWN[reason].en)):
        page = html.unescape(_main(sign_in, "/practices/thank-you/people/", language=language))
        assert words in page
        assert reason not in page.replace(words, "")
