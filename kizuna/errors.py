"""The four refusals. Everything that can be refused is one of these.

A subclass stands beside the function that raises it, has a stable ``code`` and carries its
numbers as attributes. HTTP statuses are given to them in ``web/`` and nowhere else.
"""

from kizuna.words import Words


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not an error
    """A request that is understood and declined, with a sentence that says what to do."""

    code: str = "refused"

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class NotFound(Refusal):
    """What was asked for does not exist, or not for this person."""

    code = "not_found"


class NotAllowed(Refusal):
    """The person asking may not do this."""

    code = "not_allowed"


class Invalid(Refusal):
    """The input cannot be accepted as it is."""

    code = "invalid"


class Conflict(Refusal):
    """The state of things has moved on, or the same key came with another body."""

    code = "conflict"
