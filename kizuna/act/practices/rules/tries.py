"""Practices that are tried again: each try has lots of its own, and what they say is pooled."""

import re

_NUMBERED = re.compile(r"(?P<family>.+)-(?P<number>[1-9]\d{0,5})")


def try_of(*, name: str) -> tuple[str, int]:
    """What the tries are called together, and which of them this is: («thank-you», 2) for «thank-you-2»."""
    found = _NUMBERED.fullmatch(name)
    return (found["family"], int(found["number"])) if found else (name, 1)
