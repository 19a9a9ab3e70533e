"""Whose home this is: empty, the demo's own, or a shop's real one, which the demo never touches."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from kizuna.cli.demo.company import LOGIN
from kizuna.customers.orders.models import Order
from kizuna.customers.people.models import Person
from kizuna.customers.staff.models import User
from kizuna.errors import Conflict
from kizuna.listen.surveys.models import Answer
from kizuna.words import Words


class RealData(Conflict):
    """The home holds data that the demo did not make."""

    code = "demo_on_real_data"

    def __init__(self) -> None:
        words = Words(
            ja="{home} には実際のデータがあります。KIZUNA_HOME に空のフォルダを指定してください。",
            en="{home} holds real data, so the demo is not loaded. Point KIZUNA_HOME to an empty folder.",
        )
        super().__init__(words.fill(home=settings.HOME))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the demo noted about itself when it came: enough to go on after an interruption, and to sign in."""

    seed: int
    customers: int
    today: str
    password: str
    complete: bool = False
    clock_seconds: int = 0
    """How far the worker's clock is ahead of the real one (``kizuna clock advance``)."""

    @property
    def day(self) -> date:
        return date.fromisoformat(self.today)


def _path() -> Path:
    return Path(settings.HOME) / "demo.json"


def find_marker() -> Marker | None:
    """The marker of a demo home; None for an empty one. Raises ``RealData`` for any other."""
    marker = _read()
    ours = User.objects.filter(email=LOGIN).exists()
    used = User.objects.exists() or any(model.objects.exists() for model in (Person, Order, Answer))
    # A folder may have been pointed at another database since: then the marker speaks of data that is not here.
    if used and not (marker and ours):
        raise RealData
    return marker if used else None


def new_marker(*, seed: int, customers: int, today: date) -> Marker:
    """A marker with a fresh password, not written yet."""
    return Marker(seed=seed, customers=customers, today=today.isoformat(), password=secrets.token_urlsafe(9))


def write_marker(*, marker: Marker) -> None:
    """Keep the marker, readable by its owner only since it holds the demo's password."""
    path = _path().with_suffix(".new")
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(asdict(marker), ensure_ascii=False), encoding="utf-8")
    path.replace(_path())  # a worker that looks at the clock never reads half a marker


def _read() -> Marker | None:
    try:
        return Marker(**json.loads(_path().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
