"""Reading trials: the effect of a practice, of all practices, and of stores that began."""

from kizuna.prove.trials.queries.design import Aim, Design, decisions, design_of
from kizuna.prove.trials.queries.effect import NothingAssigned, effect, effects, practice_effects
from kizuna.prove.trials.queries.stores import (
    NoStoreStart,
    comparable_metrics,
    compare_stores,
    is_comparable,
    store_effect,
    store_starts,
)
from kizuna.prove.trials.rules.effects import Shown
from kizuna.prove.trials.rules.report import (
    ArmEffect,
    ArmFigure,
    Left,
    LookCard,
    PartEffect,
    Parts,
    Report,
    StoreReport,
)
from kizuna.prove.trials.rules.told import report_json as as_json
from kizuna.prove.trials.rules.verdict import GRADES, VERDICT_WORDS, Verdict, missing_words
from kizuna.prove.trials.rules.worth import Yearly

__all__ = [
    "GRADES",
    "VERDICT_WORDS",
    "Aim",
    "ArmEffect",
    "ArmFigure",
    "Design",
    "Left",
    "LookCard",
    "NoStoreStart",
    "NothingAssigned",
    "PartEffect",
    "Parts",
    "Report",
    "Shown",
    "StoreReport",
    "Verdict",
    "Yearly",
    "as_json",
    "comparable_metrics",
    "compare_stores",
    "decisions",
    "design_of",
    "effect",
    "effects",
    "is_comparable",
    "missing_words",
    "practice_effects",
    "store_effect",
    "store_starts",
]
