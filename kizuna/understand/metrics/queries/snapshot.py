"""Which roll-up files are alive now, read once per generation and process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings

from kizuna.understand.metrics.models import CubeFile, CubeState
from kizuna.understand.metrics.rules.grains import GRAINS


@dataclass(frozen=True)
class Snapshot:
    """One generation of the roll-ups. ``files`` holds (month, path, rows) per grain; generation 0 has none."""

    generation: int
    token: str
    versions: Mapping[str, str]
    files: Mapping[str, tuple[tuple[date, str, int], ...]]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Rows per grain; a grain without files is known to be empty, unless nothing was ever rolled up."""
        if self.generation == 0:
            return {}
        return {name: sum(rows for _, _, rows in self.files.get(name, ())) for name in GRAINS}

    def paths(self, *, grain: str, start: date | None, end: date | None) -> list[str]:
        """The files of the months that overlap [start, end)."""
        first = start.replace(day=1) if start is not None else date.min
        return [path for month, path, _ in self.files.get(grain, ()) if month >= first and (end is None or month < end)]


_kept: dict[str, Snapshot] = {}


def snapshot() -> Snapshot:
    """The present roll-ups: one small query when nothing has changed, two when something has."""
    state = CubeState.objects.first()
    if state is None:
        return Snapshot(generation=0, token="", versions={}, files={})
    kept = _kept.get("now")
    if kept is not None and kept.token == state.token:
        return kept
    files: dict[str, list[tuple[date, str, int]]] = {}
    home = f"{settings.HOME}/"  # joined as text: a thousand Path objects would cost 30 ms
    for grain, month, path, rows in CubeFile.objects.order_by("month").values_list("grain", "month", "path", "rows"):
        files.setdefault(grain, []).append((month, home + path, rows))
    fresh = Snapshot(
        generation=state.generation,
        token=state.token,
        versions=state.versions,
        files={grain: tuple(rows) for grain, rows in files.items()},
    )
    _kept["now"] = fresh
    return fresh


def forget() -> None:
    """Drop what this process remembers (another database, or files that are gone)."""
    _kept.clear()
