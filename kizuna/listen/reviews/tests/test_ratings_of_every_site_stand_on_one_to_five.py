import math

import pytest

from kizuna.listen.reviews.models import Review
from kizuna.listen.reviews.rules import RatingOutOfScale, stars_of
from kizuna.listen.reviews.tests.records import published, record, review


@pytest.mark.parametrize(
    ("rating", "scale_max", "stars"),
    [(1, 5, 1), (4.5, 5, 4.5), (5, 5, 5), (1, 10, 1), (10, 10, 5), (5.5, 10, 3), (2, 3, 3), (100, 100, 5)],
)
def test_ratings_of_every_site_stand_on_one_to_five(rating: float, scale_max: int, stars: float) -> None:
    assert stars_of(rating=rating, scale_max=scale_max) == pytest.approx(stars, abs=1e-12)


@pytest.mark.django_db
def test_a_rating_the_site_does_not_have_is_refused() -> None:
    outcomes = record(
        review("a", rating=0),
        review("b", rating=5.5),
        review("c", rating=math.nan),
        review("d", rating=8, scale_max=10),
    )

    assert all(isinstance(outcome, RatingOutOfScale) for outcome in outcomes[:3])
    assert outcomes[3] == "created"
    assert Review.objects.get().rating == pytest.approx(1 + 4 * 7 / 9)
    assert [fact.rating for fact in published("ReviewPosted")] == [Review.objects.get().rating]
