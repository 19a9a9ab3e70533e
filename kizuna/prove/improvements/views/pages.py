"""Seeing: the board, one improvement, its form, more comments to link, the list as a file."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kizuna.act.outreach.queries import preview, settings_in_force
from kizuna.act.outreach.rules import Body, Purpose
from kizuna.act.outreach.rules.wording import Rendered
from kizuna.customers.people.queries import names_of
from kizuna.customers.staff.queries import all_staff, present
from kizuna.customers.staff.rules import Role
from kizuna.customers.staff.views import actor_of, compares, page_of, stores_of, user_of
from kizuna.customers.stores.queries import all_stores
from kizuna.errors import Refusal
from kizuna.gates.download import download
from kizuna.listen.reviews.queries import review_cards
from kizuna.listen.surveys.queries import answer_cards
from kizuna.prove.improvements.forms import ImprovementForm, NewsForm, initial_of
from kizuna.prove.improvements.operations import edit_improvement, open_improvement
from kizuna.prove.improvements.queries import (
    ImprovementCard,
    Movement,
    VoiceCard,
    askers_of,
    done_page,
    draft_of,
    improvement,
    improvements,
    linked_to,
    movement,
    moves_of,
    notified,
    search_voices,
    voices_of,
)
from kizuna.prove.improvements.queries import board as whole_board
from kizuna.prove.improvements.queries.voices import of_answer, of_review
from kizuna.prove.improvements.rules import STATES, bodies_of, may_change, purpose_of, suggestion, template_of
from kizuna.prove.improvements.views import shown
from kizuna.prove.improvements.views.drawing import line_of
from kizuna.prove.trials.queries import GRADES
from kizuna.prove.trials.rules.verdict import GRADE_NOTES
from kizuna.words import Words

SHOWN_UNREACHED = 20


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """All improvements by state; of those done one page, and for the open board only the next of them."""
    store, stores, page = request.GET.get("store", ""), stores_of(request), page_of(request)
    context: dict[str, object] = {"store": store, "state": "done"}
    if request.headers.get("HX-Request"):
        done = done_page(stores=stores, store=store, page=page)
        context |= {"done": done, "cards": shown.lines(cards=done.cards)}
        return render(request, "improvements/cards.html", context)
    found = whole_board(stores=stores, store=store, page=page)
    today = timezone.localdate(present())
    late = [one.improvement_id for one in found.ahead if one.late(today=today)]
    lines = shown.lines(cards=[*found.ahead, *found.done.cards], late=late)
    columns = [(state, words, [one for one in lines if one.card.state == state]) for state, words in STATES.items()]
    context |= {
        "columns": columns,
        "count": len(found.ahead) + found.done.count,
        "done": found.done,
        "stores": all_stores(stores=stores),
        "may_write": _serves(request),
        "query": urlencode({"store": store}) if store else "",
    }
    return render(request, "improvements/board.html", context)


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """The list as a file; no comments and no customers."""
    header = (
        *(Words(ja="番号", en="id"), Words(ja="題名", en="title"), Words(ja="何が変わるか", en="change")),
        *(Words(ja="状態", en="state"), Words(ja="担当者", en="owner"), Words(ja="期限", en="due")),
        *(Words(ja="完了日", en="done"), Words(ja="店舗", en="stores"), Words(ja="接点", en="touchpoint")),
        *(Words(ja="商品", en="product"), Words(ja="指標", en="metric"), Words(ja="声の件数", en="comments")),
        Words(ja="お知らせした人数", en="customers_told"),
    )
    found = shown.lines(cards=improvements(stores=stores_of(request), store=request.GET.get("store", "")))
    rows = (
        (
            *(one.card.improvement_id, one.card.title, one.card.change, str(one.card.state_words), one.card.owner),
            *(one.card.due_on, one.card.done_on, one.where, one.touchpoint, one.product, one.metric),
            *(one.card.voices, one.card.told),
        )
        for one in found
    )
    wanted = request.GET.get("format", "xlsx")
    return download(name="improvements", wanted=wanted, header=header, rows=rows, day=timezone.localdate(present()))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open one, often from a comment: ``?answer=`` or ``?review=`` brings it along; or link that to a known one."""
    stores = stores_of(request)
    voice = _asked_from(request)
    form = ImprovementForm(request.POST or None, stores=stores, initial=_from_voice(voice, stores=stores))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_improvement(
                draft=form.draft(),
                answer_ids=[voice.answer_id] if voice and voice.answer_id else [],
                review_ids=[voice.review_id] if voice and voice.review_id else [],
                stores=stores,
                actor=actor_of(request),
                now=present(),
            )
            return redirect("improvements:detail", made)
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
    linked = linked_to(answer_id=voice.answer_id, review_id=voice.review_id) if voice else set()
    known = [one for one in improvements(stores=stores) if one.state != "skipped"] if voice else []
    context = {
        "form": form,
        "back": None,
        "voice": shown.said(voices=[voice])[0] if voice else None,
        "linked": [one for one in known if one.improvement_id in linked],
        "open": [one for one in known if one.improvement_id not in linked],
    }
    return render(request, "improvements/edit.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """Change what it says."""
    stores = stores_of(request)
    card = improvement(improvement_id=improvement_id, stores=stores)
    form = ImprovementForm(request.POST or None, stores=stores, initial=initial_of(draft=draft_of(card=card)))
    if request.method == "POST" and form.is_valid():
        try:
            edit_improvement(
                improvement_id=improvement_id,
                draft=form.draft(),
                stores=stores,
                actor=actor_of(request),
                now=present(),
            )
            return redirect("improvements:detail", improvement_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
    return render(request, "improvements/edit.html", {"form": form, "back": card})


@require_GET
def detail(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """One improvement: who asked, what became of it, who was told, what moved."""
    return page_of_one(request, improvement_id)


def page_of_one(request: HttpRequest, improvement_id: int, *, news: NewsForm | None = None) -> HttpResponse:
    """The page; with ``news`` that was filled in and waits for a second word, it is shown as it stands."""
    stores = stores_of(request)
    card = improvement(improvement_id=improvement_id, stores=stores)
    serves = _serves(request)
    (line,) = shown.lines(cards=[card], late=[improvement_id] if card.late(today=timezone.localdate(present())) else [])
    found = _movement(card)
    context = {
        "line": line,
        "card": card,
        "serves": serves,
        "changes": serves and may_change(places=card.stores, stores=stores),
        "leads": user_of(request).role in {Role.OWNER, Role.MANAGER},
        "voices": shown.said(voices=voices_of(improvement_id=improvement_id, stores=stores)) if serves else [],
        "askers": askers_of(improvement_id=improvement_id),
        "moves": moves_of(improvement_id=improvement_id),
        "undoable": any(one.undone_at is None for one in moves_of(improvement_id=improvement_id)),
        "actors": {f"user:{one.user_id}": one.name for one in all_staff()},
        "today": timezone.localdate(present()),
        "words": request.GET.get("q", ""),
        **_news_context(card, filled=news),
        **_movement_context(card, found),
        "compares": compares(request),
    }
    return render(request, "improvements/detail.html", context, status=200 if news is None else 409)


@require_GET
def voices(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """Comments with these words, to be linked: a part of the page."""
    stores = stores_of(request)
    card = improvement(improvement_id=improvement_id, stores=stores)
    words = request.GET.get("q", "").strip()[:100]
    found = search_voices(words=words, improvement_id=improvement_id, stores=stores)
    context = {"card": card, "found": shown.said(voices=found), "words": words}
    page = "improvements/found.html" if request.headers.get("HX-Request") else "improvements/search.html"
    return render(request, page, context)


def _serves(request: HttpRequest) -> bool:
    """Analysts see numbers, not what customers wrote."""
    return user_of(request).role != Role.ANALYST


def _movement(card: ImprovementCard) -> Movement | None:
    try:
        return movement(shown=card, now=present())
    except Refusal:
        return None


def _movement_context(card: ImprovementCard, found: Movement | None) -> dict[str, object]:
    if found is None or card.done_on is None:
        return {"movement": None}
    done_month = f"{card.done_on:%Y-%m}"
    return {
        "movement": found,
        "grade": GRADES[found.grade],
        "grade_note": GRADE_NOTES[found.grade],
        "effect": shown.effect_texts(found=found),
        "months": shown.months_of(found=found, done_month=done_month),
        "drawing": line_of(found=found, done_month=done_month),
        "compare_query": _compare_query(card, found),
    }


def _compare_query(card: ImprovementCard, found: Movement) -> str:
    """The address of the same comparison on the page of stores; nothing where no stores can be compared."""
    if card.done_on is None or not card.stores or found.grade < 2:
        return ""
    asked = {"metric": card.metric, "since": card.done_on.isoformat(), "stores": list(card.stores)}
    if card.touchpoint and "touchpoint" in found.metric.dims:
        asked["touchpoint"] = card.touchpoint
    return urlencode(asked, doseq=True)


def _news_context(card: ImprovementCard, *, filled: NewsForm | None) -> dict[str, object]:
    if card.state != "done":
        return {}
    started = card.news if card.news.ja else Words(ja=suggestion(title=card.title, change=card.change), en="")
    if filled is not None:
        started = filled.news()
    bodies = bodies_of(news=started)
    purpose = purpose_of(bodies=bodies)
    told = notified(improvement_id=card.improvement_id)
    lost = told.not_reached[:SHOWN_UNREACHED]
    return {
        "news": NewsForm(initial={"news_ja": started.ja, "news_en": started.en}),
        "purpose": purpose,
        "asked_twice": filled is not None,
        "letter": _letter(bodies=bodies, purpose=purpose),
        "told": told,
        "lost": lost,
        "lost_names": names_of(person_ids={one.person_id for one in lost}),
        "template": template_of(improvement_id=card.improvement_id),
    }


def _letter(*, bodies: Sequence[Body], purpose: Purpose) -> Rendered | None:
    """The Japanese mail as it arrives; nothing while it holds a field that is not known."""
    sender = settings_in_force().sender
    try:
        return preview(
            bodies=bodies, channel="mail", language="ja", purpose=purpose, contact=None, sender=sender, values={}
        )
    except Refusal:
        return None


def _asked_from(request: HttpRequest) -> VoiceCard | None:
    """The comment the asker came from, if they may see it."""
    stores = stores_of(request)
    answer, review = (request.GET.get(name, "") for name in ("answer", "review"))
    if answer.isascii() and answer.isdigit() and len(answer) < 19:
        found = answer_cards(answer_ids=[int(answer)], stores=stores)
        return next((of_answer(one=one) for one in found.values()), None)
    if review.isascii() and review.isdigit() and len(review) < 19:
        written = review_cards(review_ids=[int(review)], stores=stores)
        return next((of_review(one=one) for one in written.values()), None)
    return None


def _from_voice(voice: VoiceCard | None, *, stores: frozenset[str] | None) -> dict[str, object]:
    """What the comment already says of the improvement."""
    if voice is None:
        return {"stores": sorted(stores) if stores and len(stores) == 1 else []}
    return {"stores": [voice.store] if voice.store else [], "touchpoint": voice.touchpoint, "product": voice.product}
