"""The four states, what may follow what, and what an improvement needs to be kept."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kizuna.errors import Conflict, Invalid, NotAllowed, NotFound
from kizuna.words import Words

State = Literal["candidate", "started", "done", "skipped"]

STATES: dict[str, Words] = {
    "candidate": Words(ja="候補", en="Candidate"),
    "started": Words(ja="着手", en="Started"),
    "done": Words(ja="完了", en="Done"),
    "skipped": Words(ja="見送り", en="Not now"),
}
MOVES: dict[str, tuple[str, ...]] = {
    "candidate": ("started", "done", "skipped"),
    "started": ("done", "skipped", "candidate"),
    "done": (),
    "skipped": ("candidate", "started"),
}
"""Done is left by taking it back only, so that its history says what happened."""


class NoSuchImprovement(NotFound):
    """There is no such improvement, or not in the asker's stores."""

    code = "no_such_improvement"

    def __init__(self) -> None:
        super().__init__(Words(ja="この改善は見つかりません。", en="There is no such improvement."))


class ImprovementIncomplete(Invalid):
    """Something the improvement needs is missing or impossible."""

    code = "improvement_incomplete"


class BadMove(Conflict):
    """The state cannot follow the present one: most often somebody else was quicker."""

    code = "improvement_bad_move"

    def __init__(self, *, state_from: str, state_to: str) -> None:
        self.state_from, self.state_to = state_from, state_to
        here, there = STATES[state_from], STATES.get(state_to, Words(ja=state_to, en=state_to))
        super().__init__(
            Words(
                ja=f"「{here.ja}」から「{there.ja}」には変えられません。画面を開き直して、いまの状態を確かめてください。",
                en=f"“{here.en}” cannot become “{there.en}”. Open the page again to see where it stands.",
            )
        )


class OtherStoresToo(NotAllowed):
    """Store staff read what is done in other stores too, and change what is done in theirs alone."""

    code = "improvement_of_other_stores"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="ほかの店舗でも行う改善です。変更はマネージャーに依頼してください。",
                en="It is done in other stores too. Ask a manager to change it.",
            )
        )


class NothingToUndo(Conflict):
    """No change of state is left to take back."""

    code = "improvement_nothing_to_undo"

    def __init__(self) -> None:
        super().__init__(Words(ja="取り消せる変更はありません。", en="There is no change to take back."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What staff write of an improvement. No ``stores`` means everywhere."""

    title: str
    change: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    stores: tuple[str, ...] = ()
    product: str = ""
    touchpoint: str = ""
    metric: str = ""


def check(*, draft: Draft, stores: frozenset[str] | None) -> None:
    """Refuse what cannot be kept; ``stores`` are the asker's. Raises: ImprovementIncomplete."""
    if not draft.title.strip():
        raise ImprovementIncomplete(Words(ja="題名を入力してください。", en="Give it a title."))
    if stores is not None and not (draft.stores and set(draft.stores) <= stores):
        raise ImprovementIncomplete(
            Words(ja="ご自分の店舗を選んでください。", en="Choose the store, or stores, that you belong to.")
        )


def may_change(*, places: tuple[str, ...], stores: frozenset[str] | None) -> bool:
    """Whether somebody of these stores (None means all) may change what is done in these places (none means all)."""
    return stores is None or bool(places and set(places) <= stores)
