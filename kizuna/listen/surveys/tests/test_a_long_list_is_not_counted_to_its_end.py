import pytest

from kizuna.listen.surveys.queries import AnswerFilter, answers
from kizuna.listen.surveys.tests.records import answer, record

pytestmark = pytest.mark.django_db


def test_a_long_list_is_not_counted_to_its_end() -> None:
    record(*(answer(f"a{number}") for number in range(10)))
    exact = answers(wanted=AnswerFilter(), page_size=4, count_limit=10)
    assert (exact.count, exact.more, exact.pages) == (10, False, 3)

    record(answer("one more"))
    capped = answers(wanted=AnswerFilter(), page=99, page_size=4, count_limit=10)
    assert (capped.count, capped.more, capped.page) == (10, True, 3)
    assert len(capped.answers) == 3
