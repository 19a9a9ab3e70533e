"""Settings: the overview, the company, and one's own account."""

from dataclasses import dataclass

from django import forms
from django.conf import settings as configuration
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kizuna.customers.staff.views import actor_of, user_of
from kizuna.facts.audit import operations as audit
from kizuna.web.access import is_allowed
from kizuna.web.models import Company
from kizuna.web.pages.door import settings_trail
from kizuna.web.shell import company_name
from kizuna.web.spoken import Spoken
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One door on the settings page."""

    view: str
    icon: str
    words: Words
    about: Words


CARDS: tuple[Card, ...] = (
    Card(
        view="my_account",
        icon="user-circle",
        words=Words(ja="自分のアカウント", en="My account"),
        about=Words(ja="名前、パスワード、二段階認証、パスキー", en="Name, password, second factor, passkeys"),
    ),
    Card(
        view="company",
        icon="building-store",
        words=Words(ja="会社", en="Company"),
        about=Words(ja="会社名と、お客様に届くアドレス", en="Its name and the address customers reach"),
    ),
    Card(
        view="stores",
        icon="map-pin",
        words=Words(ja="店舗", en="Stores"),
        about=Words(ja="店舗とウェブショップの名前とコード", en="Shops and the web shop: names and codes"),
    ),
    Card(
        view="staff",
        icon="users-group",
        words=Words(ja="スタッフ", en="Staff"),
        about=Words(ja="使う人の追加、役割、担当店舗", en="Who works with Kizuna, their roles and stores"),
    ),
    Card(
        view="channels",
        icon="send",
        words=Words(ja="配信経路", en="Channels"),
        about=Words(
            ja="メール・LINE・SMSの接続、送信箱、確認が必要な配信", en="Mail, LINE, SMS, the outbox, messages in doubt"
        ),
    ),
    Card(
        view="outreach:settings",
        icon="moon",
        words=Words(ja="送信者と配信しない時間", en="Sender and quiet hours"),
        about=Words(ja="送信者の表示、配信しない時間、回数の上限", en="Sender, quiet hours, how often"),
    ),
    Card(
        view="outreach:templates",
        icon="template",
        words=Words(ja="文面", en="Templates"),
        about=Words(
            ja="メール・LINE・SMSの文面、敬語と法律の確認", en="What is written, checked for courtesy and the law"
        ),
    ),
    Card(
        view="audit_log",
        icon="clipboard-list",
        words=Words(ja="操作の記録", en="Audit log"),
        about=Words(ja="だれが何をしたか", en="Who did what"),
    ),
    Card(
        view="parked_facts",
        icon="player-pause",
        words=Words(ja="保留中の処理", en="Parked facts"),
        about=Words(ja="失敗が続き、人の判断を待っている処理", en="Reactions that keep failing and wait for a person"),
    ),
    Card(
        view="system_status",
        icon="activity-heartbeat",
        words=Words(ja="システムの状態", en="System status"),
        about=Words(ja="ワーカー、集計待ち、記録の確認", en="Worker, queue, checking the records"),
    ),
)


class CompanyForm(forms.Form):
    """The company's name."""

    name = forms.CharField(
        max_length=120,
        label=Spoken(ja="会社名・ブランド名", en="Company or brand name"),
        help_text=Spoken(
            ja="画面の左上と、お客様へのアンケートに表示されます。", en="Shown top left and on customers' surveys."
        ),
    )


class MyNameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(max_length=100, label=Spoken(ja="名前", en="Name"))


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The doors this role may open."""
    cards = [card for card in CARDS if is_allowed(user=user_of(request), view=card.view)]
    return render(request, "pages/settings.html", {"cards": cards})


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """Name the company."""
    form = CompanyForm(request.POST or None, initial={"name": company_name()})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        Company.objects.update_or_create(pk=1, defaults={"name": name})
        audit.record(
            actor=actor_of(request), action="company.name", target="company", detail={"name": name}, now=timezone.now()
        )
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("company")
    context = {"form": form, "public_url": configuration.PUBLIC_URL, "trail": settings_trail()}
    return render(request, "pages/company.html", context)


@require_http_methods(["GET", "POST"])
def my_account(request: HttpRequest) -> HttpResponse:
    """One's own name, and the doors to password and second factor."""
    user = user_of(request)
    form = MyNameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("my_account")
    return render(request, "pages/account.html", {"form": form, "trail": settings_trail()})
