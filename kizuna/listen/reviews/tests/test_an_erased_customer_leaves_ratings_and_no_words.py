import pytest
from django.db import connection, transaction

from kizuna.customers.people.operations import erase_people as erase_person
from kizuna.listen.reviews.models import Review
from kizuna.listen.reviews.operations import erase_people
from kizuna.listen.reviews.tests.records import NOW, published, record, review

pytestmark = pytest.mark.django_db
SECRETS = ("秘密の題", "秘密の本文", "花子様、ありがとうございます", "前の本文")


def in_database(text: str) -> bool:
    with connection.cursor() as cursor:
        for table in ("reviews_review", "reviews_supersededreview"):
            cursor.execute(f"SELECT * FROM {table}")
            if any(text in str(value) for row in cursor.fetchall() for value in row):
                return True
    return False


def test_an_erased_customer_leaves_ratings_and_no_words() -> None:
    record(review("r1", customer="hanako", comment=SECRETS[3]))
    changed = review("r1", customer="hanako", title=SECRETS[0], comment=SECRETS[1], reply=SECRETS[2])
    record(changed, import_id=2)
    record(review("r2", customer="jiro", comment="ほかの人"))
    assert all(in_database(secret) for secret in SECRETS)
    ratings = sorted(Review.objects.values_list("person_id", "rating"))
    facts = len(published("ReviewPosted", "ReviewAmended", "ReviewVoided"))
    person_id = Review.objects.get(external_id="r1").person_id
    assert person_id is not None

    assert erase_people(root_id=person_id, now=NOW) == 1
    with transaction.atomic():
        erase_person(root_id=person_id, now=NOW)

    assert not any(in_database(secret) for secret in SECRETS)
    assert in_database("ほかの人")
    assert sorted(Review.objects.values_list("person_id", "rating")) == ratings
    assert len(published("ReviewPosted", "ReviewAmended", "ReviewVoided")) == facts
    assert record(changed, import_id=3) == ["unchanged"]
    assert not any(in_database(secret) for secret in SECRETS)
