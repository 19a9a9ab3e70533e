"""Who belongs together: connected components over shared strong keys."""

from collections.abc import Hashable, Iterable


def components(*, people: Iterable[int], edges: Iterable[tuple[int, Hashable]]) -> dict[int, int]:
    """Each person's root: the smallest id of everyone reachable through shared keys.

    ``edges`` are (person, key) pairs of live strong evidence. The answer depends on the set of edges
    only, never on their order: that is what makes un-merging possible.
    """
    parent = {person: person for person in people}

    def find(person: int) -> int:
        while parent[person] != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    first: dict[Hashable, int] = {}
    for person, key in edges:
        parent.setdefault(person, person)
        one, other = find(first.setdefault(key, person)), find(person)
        if one != other:
            # The larger id goes under the smaller one, so the representative is the root itself.
            parent[max(one, other)] = min(one, other)
    return {person: find(person) for person in parent}
