"""The pages on which staff look after surveys, links and answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import segno
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from kizuna.customers.people.queries import PersonHit, names_of, profile, search
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, page_of, query_without, stores_of
from kizuna.customers.stores.queries import all_stores, store_names
from kizuna.errors import Refusal
from kizuna.facts.audit.operations import record
from kizuna.facts.rows.rules import leaf
from kizuna.facts.touchpoints import touchpoint_words
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.listen.surveys.forms import AnswerFilterForm, IssueForm, ScaleForm, SurveyForm, touchpoint_choices
from kizuna.listen.surveys.operations import confirm_scale, edit_survey, invite
from kizuna.listen.surveys.queries import (
    AnswerCard,
    AnswerFilter,
    InvitationCard,
    answers,
    each_answer,
    invitation,
    invitations,
    latest_answers,
    own_instruments,
    own_titles,
    preview_page,
    survey,
    surveys,
)
from kizuna.listen.surveys.rules import STANDARD
from kizuna.listen.surveys.views.public import language_of, show
from kizuna.words import Words

PAGE_SIZE = 50
HEADER = (
    Words(ja="回答ID", en="answer_id"),
    Words(ja="回答日時", en="answered_at"),
    Words(ja="尺度", en="instrument"),
    Words(ja="スコア", en="score"),
    Words(ja="コメント", en="comment"),
    Words(ja="接点", en="touchpoint"),
    Words(ja="チャネル", en="channel"),
    Words(ja="店舗", en="store"),
    Words(ja="商品", en="product"),
    Words(ja="カテゴリ", en="category"),
    Words(ja="顧客記録番号", en="customer"),
    Words(ja="取得元", en="source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """An answer as the table shows it."""

    answer: AnswerCard
    score: str
    instrument: Words
    touchpoint: Words
    store: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """A link as the table shows it."""

    invitation: InvitationCard
    customer: str
    state: Words
    tone: str


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    """Every survey and how it is going."""
    stores = stores_of(request)
    latest = latest_answers(stores=stores, limit=5)
    context = {
        "surveys": surveys(stores=stores),
        "latest": _rows(found=latest, own=own_titles()),
        "own": own_instruments(),
    }
    return render(request, "surveys/list.html", context)


@require_GET
def survey_detail(request: HttpRequest, survey_id: int) -> HttpResponse:
    """One survey: its question, how it is going, and its answers."""
    card = survey(survey_id=survey_id, stores=stores_of(request))
    context = {"survey": card, "touchpoint": touchpoint_words(slug=card.touchpoint)}
    return render(request, "surveys/detail.html", context | _table(request, survey_id=survey_id))


@require_GET
def answer_list(request: HttpRequest) -> HttpResponse:
    """The answers of every survey and every import."""
    return render(request, "surveys/answers.html", _table(request, survey_id=None))


@require_GET
def answers_export(request: HttpRequest) -> FileResponse:
    """The filtered answers as a file, without names."""
    survey_id = request.GET.get("survey", "")
    wanted = AnswerFilterForm(request.GET).wanted(
        stores=stores_of(request), survey_id=int(survey_id) if survey_id.isascii() and survey_id.isdigit() else None
    )
    response = download(
        name="answers",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=_cells(wanted=wanted),
        day=timezone.localdate(),
    )
    detail = {"filter": request.GET.urlencode()}
    record(actor=actor_of(request), action="answers.exported", target="answers", detail=detail, now=timezone.now())
    return response


@require_http_methods(["GET", "POST"])
def survey_edit(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Change what customers read."""
    card = survey(survey_id=survey_id)
    form = SurveyForm(request.POST or None, initial=card.texts)
    if request.method == "POST" and form.is_valid():
        edit_survey(survey_id=survey_id, texts=form.cleaned_data)
        record(
            actor=actor_of(request),
            action="survey.edited",
            target=f"survey:{survey_id}",
            detail={"changed": form.changed_data},
            now=present(),
        )
        messages.success(request, str(Words(ja="アンケートを保存しました。", en="The survey is saved.")))
        return redirect("surveys:detail", survey_id)
    context = {"survey": card, "form": form, "touchpoints": touchpoint_choices()}
    return render(request, "surveys/edit.html", context)


@require_GET
def survey_preview(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The customer's page as it will look; nothing can be sent from it."""
    language = language_of(request, otherwise="ja")
    page = preview_page(survey_id=survey_id, locale=language)
    template = "surveys/public_thanks.html" if "thanks" in request.GET else "surveys/public_answer.html"
    return show(request, page=page, language=language, template=template, preview=True)


@require_http_methods(["GET", "POST"])
def survey_issue(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Find a customer and issue a personal link."""
    stores = stores_of(request)
    card = survey(survey_id=survey_id, stores=stores)
    places = all_stores(stores=stores)
    form = IssueForm(request.POST or None, stores=[(place.code, place.name) for place in places], free=stores is None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        issued = invite(
            survey_id=survey_id,
            person_id=profile(person_id=given["person"], stores=stores).root_id,
            order_id=None,
            channel=given["channel"],
            now=present(),
            locale=given["locale"],
            store=given["store"],
        )
        return redirect("surveys:invitation", issued.invitation_id)
    text = request.GET.get("q", "").strip()
    hits: Sequence[PersonHit] = search(text=text, stores=stores, limit=20) if text else ()
    context = {"survey": card, "form": form, "q": text, "hits": hits}
    return render(request, "surveys/issue.html", context)


@require_GET
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Every personal link that was issued."""
    page = page_of(request)
    found, count = invitations(stores=stores_of(request), page=page, page_size=PAGE_SIZE)
    names = names_of(person_ids={one.person_id for one in found})
    context = {
        "rows": [_invitation_row(card=one, names=names) for one in found],
        "count": count,
        "page": page,
        "pages": leaf(count=count, page=page, size=PAGE_SIZE).pages,
    }
    return render(request, "surveys/invitations.html", context)


@require_GET
def invitation_detail(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """One personal link, to copy or to show as a QR code."""
    card = invitation(invitation_id=invitation_id, stores=stores_of(request))
    row = _invitation_row(card=card, names=names_of(person_ids={card.person_id}))
    return render(request, "surveys/invitation.html", {"row": row, "qr": _qr(url=card.url)})


@require_http_methods(["GET", "POST"])
def scale_list(request: HttpRequest) -> HttpResponse:
    """The company's own rating criteria."""
    form = ScaleForm(request.POST or None, initial=_scale_given(name=request.GET.get("name", "")))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            confirm_scale(
                name=given["name"].strip(),
                low=given["low"],
                high=given["high"],
                title=Words(ja=given["title_ja"], en=given["title_en"]),
                low_label=Words(ja=given["low_label_ja"], en=given["low_label_en"]),
                high_label=Words(ja=given["high_label_ja"], en=given["high_label_en"]),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
        else:
            record(
                actor=actor_of(request),
                action="scale.confirmed",
                target=f"own:{given['name']}",
                detail={"low": given["low"], "high": given["high"]},
                now=present(),
            )
            messages.success(request, str(Words(ja="尺度を確定しました。", en="The scale is confirmed.")))
            return redirect("surveys:scales")
    return render(request, "surveys/scales.html", {"scales": own_instruments(), "form": form})


def _scale_given(*, name: str) -> dict[str, object]:
    for own in own_instruments():
        if own.name == name:
            return {
                "name": own.name,
                "low": own.low,
                "high": own.high,
                "title_ja": own.title.ja,
                "title_en": own.title.en,
                "low_label_ja": own.low_label.ja,
                "low_label_en": own.low_label.en,
                "high_label_ja": own.high_label.ja,
                "high_label_en": own.high_label.en,
            }
    return {"name": name, "low": 1, "high": 5}


def _table(request: HttpRequest, *, survey_id: int | None) -> dict[str, object]:
    stores = stores_of(request)
    wanted = AnswerFilterForm(request.GET).wanted(stores=stores, survey_id=survey_id)
    found = answers(wanted=wanted, page=page_of(request), page_size=PAGE_SIZE)
    own = own_titles()
    query = export = query_without(request)
    if survey_id is not None:
        export = f"survey={survey_id}&{query_without(request, 'survey')}".removesuffix("&")
    return {
        "found": found,
        "rows": _rows(found=found.answers, own=own),
        "count": _counted(count=found.count, more=found.more),
        "wanted": wanted,
        "backwards": bool(wanted.day_from and wanted.day_to and wanted.day_to < wanted.day_from),
        "filtered": wanted != AnswerFilter(stores=stores, survey_id=survey_id),
        "query": query,
        "export_query": export,
        "instruments": [*((name, scale.title) for name, scale in STANDARD.items()), *own.items()],
        "touchpoints": touchpoint_choices(),
        "stores": all_stores(stores=stores),
        "bands": list(BANDS.items()),
    }


BANDS = {
    "high": Words(ja="高い（推奨・満足）", en="High"),
    "middle": Words(ja="中間", en="Middle"),
    "low": Words(ja="低い（批判・不満）", en="Low"),
}


def _counted(*, count: int, more: bool) -> Words:
    """«1,234件», or «10,000件以上» where counting stopped."""
    words = Words(ja="{n}件以上", en="{n} or more") if more else Words(ja="{n}件", en="{n}")
    return words.fill(n=f"{count:,}")


def _rows(*, found: Sequence[AnswerCard], own: dict[str, Words]) -> list[AnswerRow]:
    names = names_of(person_ids={one.person_id for one in found if one.person_id is not None})
    stores = store_names()
    return [
        AnswerRow(
            answer=one,
            score=f"{one.score:g}",
            instrument=_title(instrument=one.instrument, own=own),
            touchpoint=touchpoint_words(slug=one.touchpoint),
            store=stores.get(one.store, one.store),
            customer=names.get(one.person_id or 0, ""),
        )
        for one in found
    ]


def _title(*, instrument: str, own: dict[str, Words]) -> Words:
    if instrument in STANDARD:
        return STANDARD[instrument].short
    return own.get(instrument, Words(ja=instrument, en=instrument))


def _cells(*, wanted: AnswerFilter) -> Iterator[tuple[Cell, ...]]:
    for one in each_answer(wanted=wanted):
        yield (
            one.answer_id,
            one.answered_at,
            one.instrument,
            int(one.score) if one.score.is_integer() else one.score,
            one.comment,
            one.touchpoint,
            one.channel,
            one.store,
            one.product,
            one.category,
            one.person_id,
            one.source,
        )


def _invitation_row(*, card: InvitationCard, names: dict[int, str]) -> InvitationRow:
    state, tone = _state(card=card)
    return InvitationRow(invitation=card, customer=names.get(card.person_id, ""), state=state, tone=tone)


def _state(*, card: InvitationCard) -> tuple[Words, str]:
    if card.answered_at:
        return Words(ja="回答済み", en="Answered"), "good"
    if card.url is None:
        return Words(ja="取り消し", en="Withdrawn"), "plain"
    if card.expires_at <= present():
        return Words(ja="期限切れ", en="Expired"), "plain"
    if card.opened_at:
        return Words(ja="開封済み", en="Opened"), "plain"
    return Words(ja="未開封", en="Not opened"), "plain"


def _qr(*, url: str | None) -> SafeString | None:
    # Drawn here, so the link leaves for no other service; the svg is segno's own and holds no text of ours.
    return SafeString(segno.make(url, error="m").svg_inline(border=2, omitsize=True)) if url else None
