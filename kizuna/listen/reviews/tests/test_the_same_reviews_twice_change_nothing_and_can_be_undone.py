import pytest
from django.db import transaction

from kizuna.facts.catalogue import ReviewAmended, ReviewPosted
from kizuna.listen.reviews.models import Review, SupersededReview
from kizuna.listen.reviews.operations import undo_import
from kizuna.listen.reviews.tests.records import NOW, published, record, review

pytestmark = pytest.mark.django_db


def undo(import_id: int) -> int:
    with transaction.atomic():
        return undo_import(import_id=import_id, now=NOW)


def test_the_same_reviews_twice_change_nothing() -> None:
    reviews = [review("r1"), review("r2", customer="taro"), review("r1", site="rakuten")]

    assert record(*reviews) == ["created"] * 3
    assert record(*reviews, import_id=2) == ["unchanged"] * 3
    assert Review.objects.count() == 3
    assert len(published("ReviewPosted", "ReviewAmended")) == 3


def test_a_changed_review_is_amended_and_undone() -> None:
    record(review("r1", rating=2))
    assert record(review("r1", rating=5, reply="ありがとうございます"), import_id=2) == ["amended"]
    assert undo(2) == 1

    back = Review.objects.get()
    assert (back.rating, back.reply, back.revision) == (2, "", 2)
    facts = published("ReviewPosted", "ReviewAmended")
    assert sorted((fact.revision, type(fact), fact.rating) for fact in facts if fact.review_id == back.pk) == [
        (0, ReviewPosted, 2),
        (1, ReviewAmended, 5),
        (2, ReviewAmended, 2),
    ]
    assert undo(1) == 1
    assert not Review.objects.exists()
    assert not SupersededReview.objects.exists()
    assert [fact.review_id for fact in published("ReviewVoided")] == [back.pk]
