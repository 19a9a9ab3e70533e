"""How one audit entry is bound to the one before it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

FIRST = "0" * 64
"""The hash before the first entry."""


def plain(*, detail: Mapping[str, object]) -> dict[str, object]:
    """``detail`` as it will be read back from the database: what JSON cannot say becomes its text."""
    loaded: dict[str, object] = json.loads(json.dumps(detail, ensure_ascii=False, default=str))
    return loaded


def entry_hash(
    *, previous_hash: str, recorded_at: datetime, actor: str, action: str, target: str, detail: Mapping[str, object]
) -> str:
    """SHA-256 over a canonical text, so that the same entry has the same hash in every database."""
    text = json.dumps(
        [previous_hash, recorded_at.astimezone(UTC).isoformat(), actor, action, target, detail],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(text.encode()).hexdigest()
