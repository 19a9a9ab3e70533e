"""Doing: link and unlink comments, move, take back, tell those who asked."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, stores_of
from kizuna.errors import Refusal
from kizuna.prove.improvements.forms import MoveForm, NewsForm
from kizuna.prove.improvements.operations import link_voices, move, tell, undo_move, unlink_voice
from kizuna.prove.improvements.rules import STATES, ImprovementIncomplete, bodies_of, purpose_of
from kizuna.prove.improvements.views.pages import page_of_one
from kizuna.words import Words, in_number

Said = Callable[[], Words]
_ADVERTISING = Words(
    ja="まだお知らせしていません。文面に宣伝の言葉があるため、このままでは広告に同意した方にだけ届きます。"
    "文面を直すか、広告として送るかを選んでください。",
    en="Nobody was told yet. The wording holds a sales phrase, so it would only go to those who agreed to advertising. "
    "Change the wording, or send it as advertising.",
)


@require_POST
def link(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """These comments ask for it too."""

    def do() -> Words:
        count = link_voices(
            improvement_id=improvement_id,
            answer_ids=_numbers(request, "answer"),
            review_ids=_numbers(request, "review"),
            stores=stores_of(request),
            actor=actor_of(request),
            now=present(),
        )
        return in_number(
            count=count,
            ja=f"お客様の声を{count}件結び付けました。",
            one="1 comment was linked.",
            many=f"{count} comments were linked.",
        )

    return _answer(request, improvement_id, do=do)


@require_POST
def unlink(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """A comment does not ask for this after all."""

    def do() -> Words:
        for voice_id in _numbers(request, "voice"):
            unlink_voice(improvement_id=improvement_id, voice_id=voice_id, stores=stores_of(request))
        return Words(ja="結び付けを外しました。", en="The comment is no longer linked.")

    return _answer(request, improvement_id, do=do)


@require_POST
def move_on(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """Change the state."""

    def do() -> Words:
        form = MoveForm(request.POST)
        if not form.is_valid():
            raise ImprovementIncomplete(Words(ja="入力を確かめてください。", en="Please check what you entered."))
        move(
            improvement_id=improvement_id,
            state=form.cleaned_data["state"],
            note=form.cleaned_data["note"],
            done_on=form.day(),
            stores=stores_of(request),
            actor=actor_of(request),
            now=present(),
        )
        words = STATES[form.cleaned_data["state"]]
        return Words(
            ja=f"「{words.ja}」にしました。間違いなら取り消せます。", en=f"Now “{words.en}”. You can take it back."
        )

    return _answer(request, improvement_id, do=do)


@require_POST
def undo(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """Take the last change of state back."""

    def do() -> Words:
        words = STATES[undo_move(improvement_id=improvement_id, stores=stores_of(request), now=present())]
        return Words(ja=f"変更を取り消し、「{words.ja}」に戻しました。", en=f"Taken back: it is “{words.en}” again.")

    return _answer(request, improvement_id, do=do)


@require_POST
def tell_askers(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """Tell the customers who asked; what a sales phrase makes advertising of is shown as that first."""
    form = NewsForm(request.POST)
    if form.is_valid() and _sells(form) and "as_advertising" not in request.POST:
        messages.warning(request, str(_ADVERTISING))
        return page_of_one(request, improvement_id, news=form)

    def do() -> Words:
        if not form.is_valid():
            raise ImprovementIncomplete(Words(ja="お知らせの文面を入力してください。", en="Write the news."))
        told = tell(improvement_id=improvement_id, news=form.news(), actor=actor_of(request), now=present())
        if not told.planned:
            return Words(
                ja="新しくお知らせするお客様はいませんでした。文面は保存しました。",
                en="There was nobody new to tell. The wording is saved.",
            )
        return in_number(
            count=told.planned,
            ja=f"{told.planned}人のお客様へのお知らせを予定しました。順に送られます。",
            one="The news for 1 customer is planned and will go out shortly.",
            many=f"The news for {told.planned} customers is planned and will go out shortly.",
        )

    return _answer(request, improvement_id, do=do)


def _sells(form: NewsForm) -> bool:
    return purpose_of(bodies=bodies_of(news=form.news())) == "marketing"


def _answer(request: HttpRequest, improvement_id: int, *, do: Said) -> HttpResponse:
    try:
        messages.success(request, str(do()))
    except Refusal as refusal:
        messages.error(request, str(refusal.words))
    return redirect("improvements:detail", improvement_id)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name) if text.isascii() and text.isdigit() and len(text) < 19]
