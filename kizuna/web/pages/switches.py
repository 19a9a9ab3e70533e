"""Language, theme, and the sign of life."""

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from kizuna.errors import Invalid
from kizuna.web.models import Preference
from kizuna.web.pages.door import back
from kizuna.web.shell import THEMES, remember
from kizuna.words import Words


class UnknownChoice(Invalid):
    """Neither a language nor a theme of ours."""

    code = "unknown_choice"


def _choice(*, wanted: str | None, known: tuple[str, ...]) -> str:
    if wanted not in known:
        raise UnknownChoice(Words(ja="その選択肢はありません。", en="There is no such choice."))
    return wanted


def _keep(request: HttpRequest, **values: str) -> None:
    if not isinstance(request.user, AnonymousUser):
        Preference.objects.update_or_create(user=request.user, defaults=values)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Show the pages in Japanese or English from now on."""
    chosen = _choice(wanted=request.POST.get("language"), known=("ja", "en"))
    response = back(request)
    remember(response=response, language=chosen)
    _keep(request, language=chosen)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Show the pages light, dark, or as the device is set."""
    chosen = _choice(wanted=request.POST.get("theme"), known=THEMES)
    response = back(request)
    remember(response=response, theme=chosen)
    _keep(request, theme=chosen)
    return response


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 while the server can reach its database; for a load balancer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
