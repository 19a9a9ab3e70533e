"""Who works with Kizuna and where: staff and stores."""

import secrets

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kizuna.customers.staff.operations import change_user, create_user, set_password
from kizuna.customers.staff.queries import all_staff
from kizuna.customers.staff.rules import Role
from kizuna.customers.staff.views import actor_of
from kizuna.customers.stores.operations import describe_store
from kizuna.customers.stores.queries import all_stores
from kizuna.facts.audit import operations as audit
from kizuna.web.pages.door import Step, settings_trail
from kizuna.web.spoken import Spoken
from kizuna.words import Words

ROLES: dict[Role, Words] = {
    Role.OWNER: Words(ja="オーナー（すべて）", en="Owner (everything)"),
    Role.MANAGER: Words(ja="マネージャー（設定の一部を除くすべて）", en="Manager (everything but some settings)"),
    Role.AGENT: Words(ja="サポート担当（お客様と指標）", en="Support agent (customers and metrics)"),
    Role.STORE_STAFF: Words(ja="店舗スタッフ（担当店舗のみ）", en="Store staff (their stores only)"),
    Role.ANALYST: Words(ja="分析担当（個人情報なしの数値）", en="Analyst (numbers without personal data)"),
}


class MemberForm(forms.Form):
    """One member of staff."""

    name = forms.CharField(max_length=100, label=Spoken(ja="名前", en="Name"))
    role = forms.ChoiceField(label=Spoken(ja="役割", en="Role"))
    stores = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=Spoken(ja="担当店舗（店舗スタッフのみ）", en="Stores (store staff only)"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        role, stores = self.fields["role"], self.fields["stores"]
        if isinstance(role, forms.ChoiceField) and isinstance(stores, forms.MultipleChoiceField):
            role.choices = [(one.value, str(words)) for one, words in ROLES.items()]
            stores.choices = [(store.code, store.name) for store in all_stores()]


class InviteForm(MemberForm):
    """A new member of staff."""

    email = forms.EmailField(label=Spoken(ja="メールアドレス（ログインに使います）", en="Mail address (to sign in)"))
    field_order = ("email", "name", "role", "stores")


class ChangeForm(MemberForm):
    """An existing member of staff."""

    is_active = forms.BooleanField(required=False, label=Spoken(ja="ログインできる", en="May sign in"))


class StoreForm(forms.Form):
    """One store."""

    code = forms.CharField(
        max_length=60,
        label=Spoken(ja="コード", en="Code"),
        help_text=Spoken(ja="取り込むファイルに書かれている店舗コードと同じにします。", en="As written in your files."),
    )
    name = forms.CharField(max_length=120, label=Spoken(ja="店舗名", en="Name"))
    kind = forms.ChoiceField(label=Spoken(ja="種類", en="Kind"))
    opened_on = forms.DateField(
        required=False, label=Spoken(ja="開店日", en="Opened"), widget=forms.DateInput(attrs={"type": "date"})
    )
    closed_on = forms.DateField(
        required=False, label=Spoken(ja="閉店日", en="Closed"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [
                ("shop", str(Words(ja="店舗", en="Shop"))),
                ("web", str(Words(ja="ウェブショップ", en="Web shop"))),
            ]


def _trail(*, view: str, words: Words) -> list[Step]:
    return [*settings_trail(), Step(href=reverse(view), words=words)]


STAFF = Words(ja="スタッフ", en="Staff")
STORES = Words(ja="店舗", en="Stores")


@require_http_methods(["GET"])
def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody who may sign in."""
    called = {store.code: store.name for store in all_stores()}
    people = [(one, [called.get(code, code) for code in one.stores]) for one in all_staff()]
    return render(request, "pages/staff.html", {"people": people, "trail": settings_trail()})


@require_http_methods(["GET", "POST"])
def staff_invite(request: HttpRequest) -> HttpResponse:
    """Make a user with a first password, which is shown once."""
    form = InviteForm(request.POST or None, initial={"role": Role.STORE_STAFF.value})
    if request.method == "POST" and form.is_valid():
        password = secrets.token_urlsafe(9)
        create_user(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=form.cleaned_data["role"],
            stores=form.cleaned_data["stores"],
            password=password,
            actor=actor_of(request),
            now=timezone.now(),
        )
        return _show_once(request, email=form.cleaned_data["email"], password=password)
    return render(request, "pages/staff_invite.html", {"form": form, "trail": _trail(view="staff", words=STAFF)})


def _show_once(request: HttpRequest, *, email: str, password: str) -> HttpResponse:
    context = {"email": email, "password": password, "trail": _trail(view="staff", words=STAFF)}
    response = render(request, "pages/staff_password.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def staff_member(request: HttpRequest, user_id: int) -> HttpResponse:
    """Change name, role, stores, whether they may sign in, or give a new password."""
    member = next((one for one in all_staff() if one.user_id == user_id), None)
    if member is None:
        raise Http404
    if request.method == "POST" and "new_password" in request.POST:
        password = secrets.token_urlsafe(9)
        set_password(user_id=user_id, password=password, actor=actor_of(request), now=timezone.now())
        return _show_once(request, email=member.email, password=password)
    initial = {"name": member.name, "role": member.role, "stores": member.stores, "is_active": member.is_active}
    form = ChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_user(
            user_id=user_id,
            name=form.cleaned_data["name"],
            role=form.cleaned_data["role"],
            stores=form.cleaned_data["stores"],
            is_active=form.cleaned_data["is_active"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("staff")
    context = {"form": form, "member": member, "trail": _trail(view="staff", words=STAFF)}
    return render(request, "pages/staff_member.html", context)


@require_http_methods(["GET"])
def store_list(request: HttpRequest) -> HttpResponse:
    """Every store. Stores appear by themselves when a file names them."""
    return render(request, "pages/stores.html", {"stores": all_stores(), "trail": settings_trail()})


@require_http_methods(["GET", "POST"])
def store_edit(request: HttpRequest) -> HttpResponse:
    """Describe a new store, or the one ``?code=`` names."""
    code = request.GET.get("code", "")
    known = next((one for one in all_stores() if one.code == code), None)
    initial = (
        {name: getattr(known, name) for name in ("code", "name", "kind", "opened_on", "closed_on")} if known else {}
    )
    form = StoreForm(request.POST or None, initial=initial)
    if known:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        describe_store(**form.cleaned_data)
        audit.record(
            actor=actor_of(request),
            action="store.described",
            target=f"store:{form.cleaned_data['code']}",
            detail={"name": form.cleaned_data["name"], "kind": form.cleaned_data["kind"]},
            now=timezone.now(),
        )
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("stores")
    context = {"form": form, "known": known, "trail": _trail(view="stores", words=STORES)}
    return render(request, "pages/store_edit.html", context)
