"""Sign-in through the company's own OpenID provider, held to more than the library asks by itself.

The library skips the signature of a token that came straight from the provider, sends no nonce, and lets a
member of staff it matches by mail lose their password. Here every token is verified, answers one request of
one browser only (state, nonce, PKCE), and only a mail address the provider vouches for opens an account.
"""

import secrets
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from kizuna.customers.staff.models import User
from kizuna.errors import NotAllowed
from kizuna.web.refusals import refuse
from kizuna.words import Words


class CompanyLoginFailed(NotAllowed):
    """The exchange with the company's provider did not come to an end that can be trusted."""

    code = "company_login_failed"


class MailNotVerified(NotAllowed):
    """The provider does not vouch for the mail address, or names none."""

    code = "company_mail_not_verified"


class NotInvited(NotAllowed):
    """The company knows this person; Kizuna does not."""

    code = "company_login_not_invited"


CANCELLED = Words(
    ja="会社アカウントでのログインは取り消されました。もう一度お試しいただくか、パスワードでログインしてください。",
    en="Signing in with the company account was cancelled. Try again, or sign in with your password.",
)
FAILED = Words(
    ja=(
        "会社アカウントでのログインを確認できませんでした。ログイン画面からもう一度お試しください。"
        "続く場合は、管理者に会社アカウント連携（OpenID Connect）の設定をお確かめいただくようお伝えください。"
    ),
    en=(
        "Signing in with the company account could not be confirmed. Try again from the sign-in page. "
        "If it keeps failing, ask an administrator to check the OpenID Connect settings."
    ),
)
UNREACHABLE = Words(
    ja="会社アカウントのログインサーバーに接続できません。しばらくしてからお試しいただくか、パスワードでログインしてください。",
    en="The company's sign-in server cannot be reached. Try again in a while, or sign in with your password.",
)
UNVERIFIED = Words(
    ja=(
        "会社アカウントのメールアドレスが確認済みではないため、ログインできません。"
        "会社のアカウント管理者に、メールアドレスの確認を依頼してください。"
    ),
    en=(
        "Your company account has no verified mail address, so it cannot open Kizuna. "
        "Ask whoever manages company accounts to have the address verified."
    ),
)
UNKNOWN = Words(
    ja=(
        "「{mail}」のスタッフは登録されていません。利用したい場合は、オーナーに「設定」の「スタッフ」から"
        "このメールアドレスで追加してもらってください。"
    ),
    en=(
        "No member of staff has the address “{mail}”. If you need access, ask an owner to add this address "
        "under “Settings”, “Staff”."
    ),
)


def stop(*, request: HttpRequest, refusal: NotAllowed) -> ImmediateHttpResponse:
    """What the library is given to end a sign-in with our own page."""
    return ImmediateHttpResponse(refuse(request=request, refusal=refusal, status=401))


def failure(*, error: object, exception: Exception | None) -> CompanyLoginFailed:
    """The sentence for an exchange that ended early."""
    if error == AuthError.CANCELLED:
        return CompanyLoginFailed(CANCELLED)
    return CompanyLoginFailed(UNREACHABLE if isinstance(exception, RequestException) else FAILED)


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The company's provider; each request carries a PKCE challenge and a nonce that the token must repeat."""

    pkce_enabled_default = True

    def redirect(self, request: HttpRequest, process: str, **details: Any) -> HttpResponse:
        """Send the browser off, remembering the nonce with the state."""
        nonce = secrets.token_urlsafe(24)
        asked = {**(details.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        answer: HttpResponse = super().redirect(request, process, auth_params=asked, nonce=nonce, **details)
        return answer


class CompanyExchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The exchange of a code for tokens, with the signature of every token verified."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **answer: Any) -> SocialLogin:
        """Read what the provider says about the person.

        Raises: OAuth2Error when a token is missing, malformed, expired, meant for another or signed by another.
        """
        # The library takes a token fetched by itself on trust; behind a plain-http provider that is no one's word.
        self.did_fetch_access_token = False
        if not answer["response"].get("id_token"):
            raise OAuth2Error("the provider sent no id_token")
        try:
            return super().complete_login(request, app, token, **answer)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the provider's answer cannot be read") from error


def admit(*, request: HttpRequest, login: SocialLogin) -> None:
    """Let the person in whose account or verified mail address is known; anything else ends here.

    Raises: ImmediateHttpResponse with the page that says why not.
    """
    said = login.account.extra_data
    signed, person = said.get("id_token", {}), said.get("userinfo") or said.get("id_token", {})
    expected = str(login.state.get("nonce") or "")
    if not expected or not secrets.compare_digest(expected, str(signed.get("nonce", ""))):
        raise stop(request=request, refusal=CompanyLoginFailed(FAILED))
    if person.get("sub") != signed.get("sub"):  # OpenID Connect Core 5.3.2
        raise stop(request=request, refusal=CompanyLoginFailed(FAILED))
    if login.is_existing or login.state.get("process") == AuthProcess.CONNECT:
        return
    mail = str(person.get("email") or "")
    if not mail or not _vouched(stated=person.get("email_verified"), app=login.provider.app):
        raise stop(request=request, refusal=MailNotVerified(UNVERIFIED))
    user = User.objects.filter(email__iexact=mail).first()
    if user is None:
        raise stop(request=request, refusal=NotInvited(UNKNOWN.fill(mail=mail)))
    login.connect(request, user)


def _vouched(*, stated: object, app: SocialApp) -> bool:
    """Some providers of one company (Entra ID) state nothing; the owner may choose to trust their addresses."""
    if stated is None:
        return bool(app.settings.get("trusted_mail"))
    return stated in (True, "true")


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the company's sign-in page."""
    return _run(view=OAuth2LoginView, request=request, provider_id=provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser comes back with a code."""
    return _run(view=OAuth2CallbackView, request=request, provider_id=provider_id)


def _run(*, view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    exchange = CompanyExchange(request, provider_id)
    try:
        answer: HttpResponse = view.adapter_view(exchange)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except RequestException:
        return refuse(request=request, refusal=CompanyLoginFailed(UNREACHABLE), status=401)
    return answer
