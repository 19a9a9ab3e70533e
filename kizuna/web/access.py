"""Who may open which address: ONE table, enforced for every request, closed by default.

An address that is not in ``ACCESS`` is refused to everybody, and a test that walks the whole
URLconf fails, so nothing is open by accident.
"""

from typing import Final, Literal, Protocol

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from kizuna.customers.staff.models import User
from kizuna.customers.staff.queries import store_scope
from kizuna.customers.staff.rules import COMPARING, Role
from kizuna.errors import NotAllowed
from kizuna.web.refusals import refuse, wants_json
from kizuna.words import Words

PUBLIC: Final = "public"
Rule = frozenset[Role] | Literal["public"]

EVERYONE: Rule = frozenset(Role)
NOBODY: Rule = frozenset()
OWNERS: Rule = frozenset({Role.OWNER})
LEADERS: Rule = frozenset({Role.OWNER, Role.MANAGER})
SERVING: Rule = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT, Role.STORE_STAFF})
"""Everyone who serves customers and so may read who they are; an analyst sees numbers only."""
DESK: Rule = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT})
"""Those who write to customers of every store."""

ACCESS: dict[str, Rule] = {
    # ── the shell ──
    "home": EVERYONE,
    "home_answers": EVERYONE,
    "home_effects": EVERYONE,
    "language": PUBLIC,
    "theme": PUBLIC,
    "health": PUBLIC,
    # ── understanding ──
    "journey": EVERYONE,
    "journey_export": EVERYONE,
    "metrics": EVERYONE,
    "metric": EVERYONE,
    "metric_export": EVERYONE,
    "cohorts": EVERYONE,
    "cohorts_export": EVERYONE,
    "top_customers": EVERYONE,
    # ── customers: names and addresses, so not for analysts ──
    "customers": SERVING,
    "customers_export": LEADERS,
    "customer": SERVING,
    "customer_note": SERVING,
    "customer_merge": LEADERS,
    "customer_retract": LEADERS,
    "customer_survey": SERVING,
    # ── listening: answers and reviews carry customers' words and names ──
    "survey_answer": PUBLIC,  # the signed link is the proof
    "surveys:list": SERVING,
    "surveys:detail": SERVING,
    "surveys:answers": SERVING,
    "surveys:answers_export": LEADERS,
    "surveys:invitations": SERVING,
    "surveys:invitation": SERVING,
    "surveys:issue": SERVING,
    "surveys:preview": EVERYONE,
    "surveys:edit": LEADERS,
    "surveys:scales": LEADERS,
    "reviews:list": SERVING,
    "reviews:export": LEADERS,
    # ── practices: everybody sees what is done and what it does; leaders decide ──
    "practices:list": EVERYONE,
    "practices:ready": LEADERS,
    "practices:adopt": LEADERS,
    "practices:new": LEADERS,
    "practices:detail": EVERYONE,
    "practices:reach": EVERYONE,
    "practices:people": DESK,
    "practices:state": LEADERS,
    "practices:edit": LEADERS,
    "evidence:league": EVERYONE,
    "evidence:export": EVERYONE,
    # ── improvements: everybody sees what is being changed; what customers wrote is for those who serve ──
    "improvements:board": EVERYONE,
    "improvements:export": EVERYONE,
    "improvements:detail": EVERYONE,
    "improvements:new": SERVING,
    "improvements:edit": SERVING,
    "improvements:voices": SERVING,
    "improvements:link": SERVING,
    "improvements:unlink": SERVING,
    "improvements:move": SERVING,
    "improvements:undo": SERVING,
    "improvements:tell": LEADERS,
    # ── goals: store staff see their stores' and their own ──
    "goals:list": EVERYONE,
    "goals:export": EVERYONE,
    "goals:detail": EVERYONE,
    "goals:new": LEADERS,
    "goals:edit": LEADERS,
    "goals:close": LEADERS,
    "goals:reopen": LEADERS,
    "trials:practice": EVERYONE,
    "trials:export": EVERYONE,
    "trials:plan": LEADERS,
    # ── compared without a lot: figures of every store, so not for the staff of one ──
    "trials:stores": COMPARING,
    "trials:stores_export": COMPARING,
    "trials:people": COMPARING,
    "trials:people_export": COMPARING,
    # ── offers: everybody sees what they cost; who used them is for those who serve ──
    "offers:list": EVERYONE,
    "offers:export": LEADERS,
    "offers:create": LEADERS,
    "offers:new": LEADERS,
    "offers:edit": LEADERS,
    "offers:publish": LEADERS,
    "offers:stop": LEADERS,
    "offers:limits": LEADERS,
    "offers:pool": LEADERS,
    "offers:detail": SERVING,
    "offers:give": SERVING,
    "offers:uses_export": LEADERS,
    "offers:till": SERVING,
    "offers:redeem": SERVING,
    "offers:reverse": SERVING,
    # ── messages and tasks: names, addresses and what was written ──
    "unsubscribe": PUBLIC,  # the signed link is the proof
    "opened": PUBLIC,  # a picture inside a mail
    "outreach:list": DESK,
    "outreach:export": LEADERS,
    "outreach:message": DESK,
    "replies": DESK,  # what customers wrote back
    "replies_export": LEADERS,
    "outreach:customer": DESK,
    "outreach:refuse": DESK,
    "outreach:lift": LEADERS,
    "outreach:settings": LEADERS,
    "outreach:templates": DESK,
    "outreach:template": DESK,
    "outreach:template_new": LEADERS,
    "outreach:template_edit": LEADERS,
    "outreach:template_publish": LEADERS,
    "tasks:list": SERVING,
    "tasks:detail": SERVING,
    "tasks:print": SERVING,
    # ── imports: whole files of customers ──
    "tables:index": LEADERS,
    "tables:upload": LEADERS,
    "tables:preview": LEADERS,
    "tables:discard": LEADERS,
    "tables:run": LEADERS,
    "tables:progress": LEADERS,
    "tables:errors": LEADERS,
    "tables:undo": LEADERS,
    "tables:example": LEADERS,
    "tables:export": LEADERS,
    # ── settings ──
    "settings": EVERYONE,
    "company": OWNERS,
    "stores": LEADERS,
    "store_edit": LEADERS,
    "staff": OWNERS,
    "staff_invite": OWNERS,
    "staff_member": OWNERS,
    "my_account": EVERYONE,
    "parked_facts": LEADERS,
    "parked_retry": LEADERS,
    "parked_discard": LEADERS,
    "audit_log": OWNERS,
    "audit_export": OWNERS,
    "system_status": LEADERS,
    "system_check": LEADERS,
    # ── channels: credentials are the owner's, whole mails to customers the leaders' ──
    "channels": LEADERS,
    "channel_settle": LEADERS,  # the one door for messages in doubt, also from a message's own page
    "mail:settings": OWNERS,
    "mail:test": OWNERS,
    "mail:returns": LEADERS,
    "mail:return": LEADERS,
    "mail:return_aside": LEADERS,
    "line:settings": OWNERS,
    "line:test": OWNERS,
    "sms:settings": OWNERS,
    "sms:test": OWNERS,
    "outbox:list": LEADERS,
    "outbox:mail": LEADERS,
    "outbox:html": LEADERS,
    "outbox:raw": LEADERS,
    "line_hook": PUBLIC,  # signed by LINE
    "sms_hook": PUBLIC,  # signed by the SMS service
    # ── sign-in (allauth) ──
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,  # answers «closed»
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reauthenticate": EVERYONE,
    "account_change_password": EVERYONE,
    "account_set_password": EVERYONE,
    # An address is changed by an owner in the staff list; codes by mail are not used.
    "account_email": NOBODY,
    "account_email_verification_sent": NOBODY,
    "account_confirm_email": NOBODY,
    "account_confirm_login_code": NOBODY,
    "mfa_authenticate": PUBLIC,  # between password and session
    "mfa_login_webauthn": PUBLIC,
    "mfa_index": EVERYONE,
    "mfa_reauthenticate": EVERYONE,
    "mfa_activate_totp": EVERYONE,
    "mfa_deactivate_totp": EVERYONE,
    "mfa_view_recovery_codes": EVERYONE,
    "mfa_generate_recovery_codes": EVERYONE,
    "mfa_download_recovery_codes": EVERYONE,
    "mfa_list_webauthn": EVERYONE,
    "mfa_add_webauthn": EVERYONE,
    "mfa_reauthenticate_webauthn": EVERYONE,
    "mfa_remove_webauthn": EVERYONE,
    "mfa_edit_webauthn": EVERYONE,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "socialaccount_signup": PUBLIC,  # answers «closed»
    "socialaccount_connections": EVERYONE,
}
"""View name (with its namespace) → roles that may open it, or ``PUBLIC``."""


class Unlisted(NotAllowed):
    """The address has no row in ``ACCESS``."""

    code = "unlisted_address"


class RoleTooNarrow(NotAllowed):
    """The role of this member of staff does not include the page."""

    code = "role_too_narrow"


class _Signed(Protocol):
    is_authenticated: bool


def is_allowed(*, user: "User | AnonymousUser | _Signed", view: str) -> bool:
    """Whether this user may open the view."""
    rule = ACCESS.get(view)
    if rule == PUBLIC:
        return True
    return isinstance(user, User) and user.is_active and rule is not None and Role(user.role) in rule


def _refusal(*, view: str) -> NotAllowed:
    if view not in ACCESS:
        return Unlisted(
            Words(
                ja=f"このページの閲覧権限が決められていません（{view}）。管理者にお知らせください。",
                en=f"Nobody has decided who may see this page ({view}). Please tell your administrator.",
            )
        )
    return RoleTooNarrow(
        Words(
            ja="このページはあなたの役割では開けません。必要な場合は、オーナーに役割の変更を依頼してください。",
            en="Your role does not include this page. If you need it, ask an owner to change your role.",
        )
    )


def _sign_in(request: HttpRequest) -> HttpResponse:
    login = reverse("account_login")
    if wants_json(request=request):
        return JsonResponse({"code": "sign_in_first", "sign_in": login}, status=401)
    if request.headers.get("HX-Request"):
        # A part of a page must not be replaced by the sign-in page.
        return HttpResponse(status=401, headers={"HX-Redirect": login})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("home"), login)


class AccessMiddleware(MiddlewareMixin):
    """Holds every request against ``ACCESS`` and gives views ``request.staff_stores``."""

    def process_view(
        self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        """Let the view run, ask to sign in, or refuse."""
        match = request.resolver_match
        view = match.view_name if match else ""
        user = request.user
        if isinstance(user, User):
            request.staff_stores = store_scope(user=user)  # type: ignore[attr-defined]
        else:
            request.staff_stores = frozenset()  # type: ignore[attr-defined]
        if is_allowed(user=user, view=view):
            return None
        if view in ACCESS and not user.is_authenticated:
            return _sign_in(request)
        return refuse(request=request, refusal=_refusal(view=view))
