"""The one place where a refusal gets its HTTP status and its page."""

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from kizuna.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from kizuna.words import Words

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (Conflict, 409),
)

_UNREADABLE = Words(ja="送られた内容を読み取れませんでした。", en="What was sent could not be read.")

TITLES: dict[int, Words] = {
    400: Words(ja="リクエストを読み取れませんでした", en="The request could not be read"),
    401: Words(ja="ログインできませんでした", en="You are not signed in"),
    403: Words(ja="このページは開けません", en="This page is not open to you"),
    404: Words(ja="見つかりませんでした", en="Not found"),
    409: Words(ja="ほかの操作と重なりました", en="Something else changed meanwhile"),
    422: Words(ja="このままでは受け付けられません", en="This cannot be accepted as it is"),
}


class PageNotFound(NotFound):
    """No page answers to this address."""

    code = "page_not_found"


class FormExpired(NotAllowed):
    """The form's protection token did not match."""

    code = "form_expired"


class Unreadable(Invalid):
    """The request itself is malformed."""

    code = "unreadable_request"


def status_of(*, refusal: Refusal) -> int:
    """404 not found, 403 not allowed, 422 invalid, 409 conflict."""
    return next((status for kind, status in STATUS if isinstance(refusal, kind)), 400)


def wants_json(*, request: HttpRequest) -> bool:
    """Programs ask for JSON and do not accept HTML."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def refuse(*, request: HttpRequest, refusal: Refusal, status: int | None = None) -> HttpResponse:
    """Answer a refusal as a page in the user's language, or as JSON for a program."""
    code = status or status_of(refusal=refusal)
    if wants_json(request=request):
        body = {"code": refusal.code, "message": str(refusal.words), "ja": refusal.words.ja, "en": refusal.words.en}
        return JsonResponse(body, status=code)
    if request.headers.get("HX-Request"):
        return render(request, "refused/part.html", {"refusal": refusal}, status=code)
    context = {"refusal": refusal, "heading": TITLES.get(code, TITLES[400]), "status": code}
    return render(request, "refused/page.html", context, status=code)


class RefusalMiddleware(MiddlewareMixin):
    """Turns a refusal raised by a view into its answer, and what no text holds into a refusal."""

    def process_view(
        self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        """No keyboard writes a NUL and PostgreSQL stores none, so that no view has to think of it."""
        if "\0" in request.path or _holds_nul(sent=request.GET) or _holds_nul(sent=request.POST):
            return refuse(request=request, refusal=Unreadable(_UNREADABLE), status=400)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refusals are answered here; everything else goes its way to the error page."""
        return refuse(request=request, refusal=exception) if isinstance(exception, Refusal) else None


def _holds_nul(*, sent: QueryDict) -> bool:
    return any("\0" in key or any("\0" in value for value in values) for key, values in sent.lists())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    words = Words(
        ja="お探しのページはありません。移動または削除された可能性があります。",
        en="There is no such page. It may have been moved or deleted.",
    )
    return refuse(request=request, refusal=PageNotFound(words))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django itself refused the request."""
    words = Words(ja="この操作は許可されていません。", en="This is not allowed.")
    return refuse(request=request, refusal=NotAllowed(words))


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request is malformed, oversized or for another host."""
    return refuse(request=request, refusal=Unreadable(_UNREADABLE), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened too long ago, in another session, or came from elsewhere."""
    words = Words(
        ja="フォームの有効期限が切れています。ページを開き直して、もう一度送信してください。",
        en="This form has expired. Open the page again and send it once more.",
    )
    return refuse(request=request, refusal=FormExpired(words))


def server_error(request: HttpRequest) -> HttpResponse:
    """A page that needs neither database nor session, for when one of them is the trouble."""
    if wants_json(request=request):
        return JsonResponse({"code": "server_error"}, status=500)
    return HttpResponse(render_to_string("refused/500.html"), status=500)
