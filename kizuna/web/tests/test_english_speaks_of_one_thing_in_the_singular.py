"""«1 orders» is how a machine speaks."""

import pytest
from django.template import Context, Template
from django.utils import translation

from kizuna.words import in_number

TAG = '{% tn count "{who}の注文 {n} 件" "{n} order of {who}" "{n} orders of {who}" who=who %}'


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 0, "0 orders of &lt;b&gt;"),
        ("en", 1, "1 order of &lt;b&gt;"),
        ("en", 2, "2 orders of &lt;b&gt;"),
        ("ja", 1, "&lt;b&gt;の注文 1 件"),
    ],
)
def test_the_tag_chooses_by_the_count_and_escapes(language: str, count: int, said: str) -> None:
    with translation.override(language):
        assert Template(TAG).render(Context({"count": count, "who": "<b>"})) == said


@pytest.mark.parametrize(("count", "said"), [(1, "1 row"), (2, "2 rows"), (0, "0 rows")])
def test_sentences_in_python_choose_alike(count: int, said: str) -> None:
    words = in_number(count=count, ja="{n}行", one="{n} row", many="{n} rows").fill(n=count)
    assert (words.en, words.ja) == (said, f"{count}行")
