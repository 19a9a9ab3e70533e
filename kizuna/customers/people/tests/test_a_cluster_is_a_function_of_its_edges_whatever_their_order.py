"""Who belongs together depends on the evidence, not on the order it came in or how it was cut into imports."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kizuna.customers.people.models import Person
from kizuna.customers.people.rules import Sighting, components
from kizuna.customers.people.tests.cast import NOON, linked, record

edges = st.lists(st.tuples(st.integers(1, 12), st.sampled_from("abcdefgh")), max_size=30)


@given(edges, st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_matter(pairs: list[tuple[int, str]], rng: random.Random) -> None:
    people = range(1, 13)
    one = components(people=people, edges=pairs)
    rng.shuffle(pairs)
    assert components(people=people, edges=pairs) == one
    assert all(root <= person and one[root] == root for person, root in one.items())


@given(edges)
def test_two_people_share_a_root_exactly_when_keys_lead_from_one_to_the_other(pairs: list[tuple[int, str]]) -> None:
    roots = components(people=range(1, 13), edges=pairs)
    for person in range(1, 13):
        reached, before = {person}, set[int]()
        while reached != before:
            before = set(reached)
            keys = {key for one, key in pairs if one in reached}
            reached |= {one for one, key in pairs if key in keys}
        assert {one for one, root in roots.items() if root == roots[person]} == reached


sightings = st.lists(
    st.builds(
        Sighting,
        source=st.sampled_from(["web", "till"]),
        observed_at=st.just(NOON),
        account_id=st.sampled_from(["1", "2", "3", "4"]),
        email=st.sampled_from(["", "a@example.jp", "b@example.jp", "c@example.jp"]),
        card_no=st.sampled_from(["", "", "x"]),
        phone=st.just("090-1111-2222"),
    ),
    max_size=14,
)


@contextmanager
def thrown_away() -> Iterator[None]:
    """A database in which nothing has happened yet, as often as Hypothesis needs one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def grouping() -> set[frozenset[str]]:
    groups: dict[int, set[str]] = defaultdict(set)
    for person in Person.objects.all():
        groups[person.root_id or person.pk].add(f"{person.source}:{person.record_key}")
    return {frozenset(group) for group in groups.values()}


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(sightings, st.integers(1, 5), st.randoms(use_true_random=False))
def test_cutting_and_shuffling_imports_gives_the_same_customers(
    seen: list[Sighting], size: int, rng: random.Random
) -> None:
    with thrown_away():
        record(*seen)
        together = grouping()
        roots = {person.pk: person.root_id or person.pk for person in Person.objects.all()}
        told = {person: root for person, root, _ in linked()}
        assert {person: told.get(person, person) for person in roots} == roots
    rng.shuffle(seen)
    with thrown_away():
        for start in range(0, len(seen), size):
            record(*seen[start : start + size], import_id=start)
        assert grouping() == together


@pytest.mark.django_db
def test_each_change_of_root_is_told_with_a_rising_revision() -> None:
    one, two, three = (
        Sighting(source="web", observed_at=NOON, account_id=str(number), email=f"{number}@example.jp")
        for number in (1, 2, 3)
    )
    record(one, two, three)
    record(replace(three, email="2@example.jp"))
    record(replace(two, email="1@example.jp"))
    first, second, third = Person.objects.order_by("id").values_list("id", flat=True)
    assert linked() == [(third, second, 1), (second, first, 1), (third, first, 2)]
