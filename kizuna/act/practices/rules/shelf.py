"""The ready practices: the YAML files beside this one, with their texts and coupons, as flows to start from.

A file tells its steps in order; each leads to the one below it unless it says otherwise, and the last one ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from kizuna.act.practices.rules.flow import Flow
from kizuna.errors import NotFound
from kizuna.words import Words

FOLDER = Path(__file__).resolve().parent / "ready"
END = "end"
Language = Literal["ja", "en"]

ORDER = (
    "thank_you_after_delivery",
    "follow_up_3_days",
    "follow_up_1_week",
    "follow_up_1_month",
    "late_delivery_apology",
    "detractor_recovery",
    "passive_coupon",
    "promoter_thanks",
    "second_purchase_nudge",
    "birthday_perk",
    "dormant_customer",
    "handwritten_letter",
)
"""As they stand on the shelf: from the parcel to the regular."""


class NotOnTheShelf(NotFound):
    """There is no such ready practice."""

    code = "not_on_the_shelf"

    def __init__(self, *, name: str) -> None:
        words = Words(ja="「{name}」という既製の接客方法はありません。", en="There is no ready practice “{name}”.")
        super().__init__(words.fill(name=name))
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTemplate:
    """One message: its texts by channel and language, each with ``body`` and, for mail, ``subject``."""

    name: str
    title: Words
    purpose: str
    bodies: Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyOffer:
    """One coupon, with the terms that its practice promises."""

    name: str
    title: Words
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPractice:
    """A practice to take from the shelf. ``claim`` names what the literature says of its kind."""

    name: str
    title: Words
    summary: Words
    claim: str
    templates: tuple[ReadyTemplate, ...]
    offers: tuple[ReadyOffer, ...]
    told: Mapping[str, Any]

    @property
    def priority(self) -> int:
        """Its rank when several practices want to write to the same customer, 0 to 9."""
        rank: int = self.told.get("priority", 0)
        return rank

    def flow(self, *, language: Language, holdout_share: float | None = None) -> Flow:
        """The flow, with what staff read in that language; a tenth is held out unless said otherwise."""
        told = self.told
        nodes = _nodes(steps=told["steps"], language=language)
        return msgspec.convert(
            {
                "trigger": _trigger(told=told["trigger"]),
                "eligible": told.get("eligible", {}),
                "arms": [{"name": "standard", "first": next(iter(nodes)), "title_ja": "実施", "title_en": "Treated"}],
                "nodes": nodes,
                "goal": told["goal"],
                "also": told.get("also", []),
                "holdout_share": 0.1 if holdout_share is None else holdout_share,
                **{key: told[key] for key in ("again_after_days", "freshness_hours") if key in told},
            },
            Flow,
        )


def ready(*, name: str) -> ReadyPractice:
    """One ready practice. Raises ``NotOnTheShelf``."""
    if name not in ORDER:
        raise NotOnTheShelf(name=name)
    return _read(name)


def shelf() -> tuple[ReadyPractice, ...]:
    """All of them, in their order."""
    return tuple(_read(name) for name in ORDER)


@cache
def _read(name: str) -> ReadyPractice:
    told = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return ReadyPractice(
        name=name,
        title=Words(**told["title"]),
        summary=Words(**told["summary"]),
        claim=told["claim"],
        templates=tuple(_template(key, said) for key, said in told.get("templates", {}).items()),
        offers=tuple(_offer(key, said) for key, said in told.get("offers", {}).items()),
        told=told,
    )


def _template(name: str, said: Mapping[str, Any]) -> ReadyTemplate:
    bodies = {channel: said[channel] for channel in ("mail", "line", "sms") if channel in said}
    return ReadyTemplate(name=name, title=Words(**said["title"]), purpose=said["purpose"], bodies=bodies)


def _offer(name: str, said: Mapping[str, Any]) -> ReadyOffer:
    terms = {key: value for key, value in said.items() if key != "title"}
    return ReadyOffer(name=name, title=Words(**said["title"]), terms=terms)


def _trigger(*, told: Mapping[str, Any]) -> dict[str, Any]:
    if "quiet_days" in told:
        return {"type": "quiet", "days": told["quiet_days"]}
    if "date" in told:
        return {"type": "date", **told}
    return {"type": "fact", **told}


def _nodes(*, steps: list[dict[str, Any]], language: Language) -> dict[str, dict[str, Any]]:
    ids = [step.get("id", f"s{number}") for number, step in enumerate(steps, start=1)]
    nodes: dict[str, dict[str, Any]] = {}
    for step, own, following in zip(steps, ids, [*ids[1:], END], strict=True):
        kind, said = next((key, value) for key, value in step.items() if key != "id")
        node = {key: _in(language, value) for key, value in said.items()}
        if kind == "branch":
            node["condition"] = {"asked": node["condition"]}
        else:
            node.setdefault("next", following)
        nodes[own] = {"type": kind, **node}
    nodes[END] = {"type": "end"}
    return nodes


def _in(language: Language, value: Any) -> Any:
    return value[language].strip() if isinstance(value, dict) and set(value) == {"ja", "en"} else value
