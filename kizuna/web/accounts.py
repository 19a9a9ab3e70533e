"""How sign-in behaves here: nobody signs up, an owner or the command line makes users."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kizuna.customers.staff.models import User
from kizuna.web.company_login import CompanyProvider, admit, failure, stop
from kizuna.web.models import Preference
from kizuna.web.shell import remember


def display_name(user: User) -> str:
    """The name pages greet a user by."""
    return user.name or user.email


def attempted_login(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Which login a failed attempt was for; allauth passes it as ``email``, the form as ``login``."""
    given = credentials or {}
    login = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(login).strip().lower()


def client_address(request: HttpRequest) -> str:
    """The caller's address; a forwarded one is believed only behind as many proxies as the settings name."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = int(settings.PROXIES)
    if proxies and len(forwarded) >= proxies:
        return str(forwarded[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's account rules with sign-up closed and the user's own language and theme at sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: users are made by an owner."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address rate limits count by."""
        return client_address(request)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """After sign-in the pages come in the language and theme that this user chose."""
        response: HttpResponse = super().post_login(request, user, **details)
        preference = Preference.objects.filter(user=user).first()
        if preference:
            remember(response=response, language=preference.language, theme=preference.theme)
        return response


class ClosedSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Company sign-in lets in users that exist; it makes none."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> CompanyProvider:
        """The one provider there is, in our stricter form."""
        return CompanyProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who may come in is decided here and nowhere in the library."""
        admit(request=request, login=sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: object = None,
        exception: Exception | None = None,
        extra_context: object = None,
    ) -> None:
        """An exchange that failed ends on our own page."""
        raise stop(request=request, refusal=failure(error=error, exception=exception))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never: an owner invites first."""
        return False
