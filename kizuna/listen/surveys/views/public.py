"""The customer's page behind a personal link. GET shows, POST records; nothing else does."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kizuna.customers.staff.queries import present
from kizuna.errors import Invalid, Refusal
from kizuna.gates.links import kept_private
from kizuna.listen.surveys.operations import answer_invitation, open_invitation
from kizuna.listen.surveys.queries import LinkPage, link_page
from kizuna.listen.surveys.rules import COMMENT_LIMIT, LinkClosed, LinkExpired, LinkForged, score_refusal
from kizuna.words import Words

STATUS = {LinkExpired.code: 410, LinkClosed.code: 409}
FORGED_AT_MOST = 30
FORGED_SECONDS = 600
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One button of the scale."""

    value: int
    checked: bool
    words: str


@csrf_exempt  # The link itself is the proof; mail programs' browsers often keep no cookies, and no session is used.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question behind a personal link, or take the answer. A false link gets a kind page."""
    try:
        page = link_page(token=token, now=present())
    except Refusal as refusal:
        return _closed(request, refusal=refusal, language=language_of(request, otherwise=""))
    language = language_of(request, otherwise=page.locale)
    if request.method == "POST":
        return _take(request, token=token, page=page, language=language)
    if request.method == "GET" and page.invitation_id is not None:
        open_invitation(invitation_id=page.invitation_id, now=present())
    if page.answered and ("thanks" in request.GET or not page.changeable):
        return show(request, page=page, language=language, template="surveys/public_thanks.html")
    return show(request, page=page, language=language, template="surveys/public_answer.html")


def language_of(request: HttpRequest, *, otherwise: str) -> str:
    """The language the customer switched to, else the link's."""
    wanted = request.POST.get("lang") or request.GET.get("lang", "")
    return wanted if wanted in LANGUAGES else otherwise


def show(
    request: HttpRequest,
    *,
    page: LinkPage,
    language: str,
    template: str,
    refusal: Refusal | None = None,
    written: str | None = None,
    preview: bool = False,
) -> HttpResponse:
    """Draw the customer's page in one language."""
    with translation.override(language):
        context = {
            "page": page,
            "points": _points(page=page, wanted=request.GET.get("score", "")),
            "comment": page.comment if written is None else written,
            "comment_limit": COMMENT_LIMIT,
            "refusal": refusal,
            "preview": preview,
            "languages": _languages(request, language=language),
        }
        response = render(request, template, context, status=422 if refusal else 200)
    response["Content-Language"] = language
    return kept_private(response=response)


def _take(request: HttpRequest, *, token: str, page: LinkPage, language: str) -> HttpResponse:
    comment = request.POST.get("comment", "")
    try:
        answer_invitation(token=token, score=_score(text=request.POST.get("score", "")), comment=comment, now=present())
    except Invalid as refusal:
        return show(
            request,
            page=page,
            language=language,
            template="surveys/public_answer.html",
            refusal=refusal,
            written=comment[:COMMENT_LIMIT],
        )
    except Refusal as refusal:
        return _closed(request, refusal=refusal, language=language)
    # A redirect, so that reloading the thank-you page sends nothing again.
    return kept_private(response=HttpResponseRedirect(f"{request.path}?thanks=1&lang={language}"))


class ScoreMissing(Invalid):
    """No button was chosen."""

    code = "score_missing"

    def __init__(self) -> None:
        super().__init__(Words(ja="点数を一つお選びください。", en="Please choose one of the scores."))


def _score(*, text: str) -> float:
    # Only plain digits: float() would also take "nan", "1e1" and full-width forms that no button sends.
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ScoreMissing
    return float(text)


def _points(*, page: LinkPage, wanted: str) -> list[Point]:
    chosen = page.score
    if chosen is None and wanted.isascii() and wanted.isdigit() and len(wanted) <= 4:
        chosen = float(wanted) if score_refusal(scale=page.scale, score=float(wanted)) is None else None
    ends = {page.scale.low: str(page.scale.low_label), page.scale.high: str(page.scale.high_label)}
    return [
        Point(value=value, checked=chosen == value, words=f"{value} {ends[value]}" if ends.get(value) else str(value))
        for value in page.scale.points()
    ]


def _languages(request: HttpRequest, *, language: str) -> list[tuple[str, str, str, bool]]:
    names = {"ja": "日本語", "en": "English"}
    links = []
    for code in LANGUAGES:
        query = request.GET.copy()
        query["lang"] = code
        links.append((code, names[code], f"?{query.urlencode()}", code == language))
    return links


def _closed(request: HttpRequest, *, refusal: Refusal, language: str) -> HttpResponse:
    status = STATUS.get(refusal.code, 404)
    if isinstance(refusal, LinkForged) and _guessing(request):
        status = 429
    with translation.override(language or translation.get_language()):
        context = {
            "refusal": refusal,
            "status": status,
            "languages": _languages(
                request, language=language or ("en" if translation.get_language() == "en" else "ja")
            ),
        }
        return kept_private(response=render(request, "surveys/public_closed.html", context, status=status))


def _guessing(request: HttpRequest) -> bool:
    """Count false links by address. True links never come here, so nobody can lock customers out."""
    key = f"surveys.forged.{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, FORGED_SECONDS)
    try:
        return cache.incr(key) > FORGED_AT_MOST
    except ValueError:
        return False
