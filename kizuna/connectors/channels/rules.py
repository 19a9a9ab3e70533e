"""How an attempt can end, and how long a channel rests after a failure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kizuna.gates.egress import Unreachable
from kizuna.words import Words

CHANNELS: tuple[str, ...] = ("mail", "line", "sms")
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider has it."""

    provider_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider said no to this message: for good, or for now; ``wait`` is how long it asked to be left alone."""

    why: str
    permanent: bool
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """The provider said that there is no such address: as good as a bounce, and the address is not tried again."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It was handed over and no answer came. ``retries_itself``: the same key may be sent again without harm.

    ``words`` are given when the provider is in trouble as a whole: the others of the slice are spared it.
    """

    why: str
    retries_itself: bool = False
    words: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The channel itself does not work (no connection, wrong password, no quota); no message is to blame."""

    words: Words
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """While we were slow somebody else took the attempt back: it is not ours to finish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a customer wrote back. ``text`` is empty for a picture, a sticker, or what was taken back.

    ``message_id`` is the message it answers, where the reply itself tells. ``stops`` is a word that stops messages.
    """

    channel: str
    address: str
    text: str
    at: datetime
    stops: bool = False
    subject: str = ""
    message_id: int | None = None


Verdict = Accepted | Refused | Dead | Unknown | Down | TakenBack


def silence(*, lost: Unreachable, words: Words, retries_itself: bool = False) -> Verdict:
    """What it means that nobody answered: in doubt when the request may have arrived, else the channel is down.

    ``words`` say so to a person; their «{why}» is what went wrong.
    """
    said = words.fill(why=lost.words)
    return Unknown(why=lost.words.en, retries_itself=retries_itself, words=said) if lost.sent else Down(words=said)


def rest_after(*, failures: int) -> timedelta:
    """One minute after the first failure, twice as long after each further one, an hour at most."""
    doublings: int = min(max(failures - 1, 0), 10)
    return min(_SHORTEST * (1 << doublings), _LONGEST)
