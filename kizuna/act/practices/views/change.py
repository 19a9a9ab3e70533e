"""Changing: take from the shelf, start, pause, resume, end, put stuck people back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from kizuna.act.practices.operations import adopt_ready, end, pause, resume, retry_stuck, start
from kizuna.act.practices.queries.dry_run import missed_while_paused
from kizuna.act.practices.rules.check import FlowRefused
from kizuna.act.practices.rules.shelf import Language
from kizuna.act.practices.views.pages import step_words
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.errors import Invalid, Refusal
from kizuna.words import Words


class NoSuchAct(Invalid):
    """The form named no act that there is."""

    code = "practice_no_such_act"

    def __init__(self) -> None:
        super().__init__(Words(ja="その操作はありません。", en="There is no such act."))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    do: Callable[..., object]
    said: Words


_ACTS: dict[str, _Act] = {
    "start": _Act(
        do=start,
        said=Words(
            ja="開始しました。これからの出来事から対象になります。", en="Started. What happens from now on counts."
        ),
    ),
    "pause": _Act(
        do=pause,
        said=Words(
            ja="一時停止しました。進行中のお客様はそのままお待ちいただきます。",
            en="Paused. Everybody inside stays where they are.",
        ),
    ),
    "resume": _Act(do=resume, said=Words(ja="再開しました。", en="Resumed.")),
    "end": _Act(
        do=end,
        said=Words(ja="終了しました。進行中のお客様は最後まで進みます。", en="Ended. Those inside finish their steps."),
    ),
    "retry": _Act(
        do=retry_stuck,
        said=Words(ja="止まっていたお客様を、もう一度進めます。", en="Those who were stuck are tried again."),
    ),
}
_MISSED = Words(
    ja="停止中にきっかけのあったお客様のうち{n}人は、時間がたちすぎているため対象になりません。",
    en="{n} of the customers whose moment fell into the pause are left out: it is too long ago.",
)
_ADOPTED = Words(
    ja="下書きを作りました。内容を確かめてから開始してください。", en="A draft is ready. Look it over, then start it."
)


@require_POST
def adopt(request: HttpRequest, name: str) -> HttpResponse:
    """Take a ready practice: it becomes a draft to look at before it starts."""
    language: Language = "en" if (get_language() or "ja").startswith("en") else "ja"
    try:
        own = adopt_ready(name=name, language=language, actor=actor_of(request), now=present())
    except Refusal as refusal:
        messages.error(request, str(refusal.words))
        return redirect("practices:ready")
    messages.success(request, str(_ADOPTED))
    return redirect("practices:detail", name=own)


@require_POST
def state(request: HttpRequest, name: str) -> HttpResponse:
    """Start, pause, resume or end, or let those who are stuck try again."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise NoSuchAct
    now = present()
    try:
        missed = missed_while_paused(practice=name, now=now) if act.do is resume else 0
        act.do(practice=name, actor=actor_of(request), now=now)
    except FlowRefused as refusal:
        for one in refusal.problems:
            messages.error(request, f"{_place(practice=name, node=one.node)}{one.words}")
    except Refusal as refusal:
        messages.error(request, str(refusal.words))
    else:
        messages.success(request, str(act.said))
        if missed:
            messages.warning(request, str(_MISSED.fill(n=missed)))
    return redirect("practices:detail", name=name)


def _place(*, practice: str, node: str) -> str:
    """The step as the page tells it, before what is wrong there; nothing for the practice as a whole."""
    if not node:
        return ""
    step = step_words(name=practice, node=node)
    return str(Words(ja=f"{step.ja}ステップ：", en=f"Step “{step.en}”: "))
