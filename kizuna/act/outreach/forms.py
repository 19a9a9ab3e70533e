"""What staff fill in: a template's wordings, the messaging settings, which messages and tasks to show."""

from collections.abc import Iterator
from datetime import date

from django import forms
from django.forms import BoundField
from django.utils.functional import lazystr

from kizuna.act.outreach.queries import KINDS, MessageFilter, Settings, TaskFilter
from kizuna.act.outreach.rules import CHANNELS, LANGUAGES, PURPOSES, Body
from kizuna.words import Words

_SLOTS = tuple((channel, language) for channel in CHANNELS for language in LANGUAGES)
_LANGUAGE = {"ja": Words(ja="日本語", en="Japanese"), "en": Words(ja="英語", en="English")}
_ROWS = {"mail": 14, "line": 8, "sms": 3}


class TemplateForm(forms.Form):
    """A template: what it is for, and its wording by channel and language."""

    name = forms.SlugField(
        max_length=60,
        error_messages={
            "invalid": lazystr(
                Words(
                    ja="半角の英数字、ハイフン、下線だけが使えます。",
                    en="Letters, digits, hyphens and underscores only.",
                )
            )
        },
        label=lazystr(Words(ja="管理用の名前（半角英数字）", en="Short name (letters and digits)")),
        help_text=lazystr(
            Words(
                ja="接客方法から呼び出すときの名前です。あとから変更できません。",
                en="Practices call the template by it. It cannot be changed later.",
            )
        ),
    )
    title_ja = forms.CharField(max_length=120, label=lazystr(Words(ja="題名（日本語）", en="Title (Japanese)")))
    title_en = forms.CharField(
        max_length=120, required=False, label=lazystr(Words(ja="題名（英語）", en="Title (English)"))
    )
    purpose = forms.ChoiceField(
        choices=[(name, lazystr(words)) for name, words in PURPOSES.items()],
        widget=forms.RadioSelect,
        label=lazystr(Words(ja="目的", en="Purpose")),
        help_text=lazystr(
            Words(
                ja="宣伝がひと言でもあれば「広告・宣伝」です。同意のある方にだけ、送信者と配信停止の案内を付けて送ります。",
                en="One sales phrase makes it marketing, which goes only to those who agreed, with sender and opt-out.",
            )
        ),
    )

    def __init__(self, *args: object, fixed_name: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if fixed_name:
            del self.fields["name"]
        for channel, language in _SLOTS:
            if channel == "mail":
                self.fields[f"subject_{channel}_{language}"] = forms.CharField(
                    max_length=200, required=False, label=lazystr(Words(ja="件名", en="Subject"))
                )
            self.fields[f"body_{channel}_{language}"] = forms.CharField(
                max_length=20_000,
                required=False,
                strip=False,
                widget=forms.Textarea(attrs={"rows": _ROWS[channel], "data-merge": ""}),
                label=lazystr(Words(ja="本文", en="Text")),
            )

    def clean_name(self) -> str:
        """«new» is the address at which a template is written."""
        name = str(self.cleaned_data["name"])
        if name == "new":
            raise forms.ValidationError(str(Words(ja="この名前は使えません。", en="This name cannot be used.")))
        return name

    def slots(self) -> Iterator[tuple[str, Words, BoundField | None, BoundField, bool]]:
        """Each wording's name, title, subject and text, and whether its section begins open."""
        for channel, language in _SLOTS:
            subject = self[f"subject_{channel}_{language}"] if channel == "mail" else None
            body = self[f"body_{channel}_{language}"]
            filled = bool(body.value() or body.errors) or (channel, language) == ("mail", "ja")
            title = Words(
                ja=f"{CHANNELS[channel].ja}（{_LANGUAGE[language].ja}）",
                en=f"{CHANNELS[channel].en} ({_LANGUAGE[language].en})",
            )
            yield f"{channel}_{language}", title, subject, body, filled

    def field_of(self, *, where: str) -> str | None:
        """The field of a wording that is named as «mail ja»; None for no wording in particular."""
        name = f"body_{where.replace(' ', '_')}"
        return name if name in self.fields else None

    def bodies(self) -> list[Body]:
        """The wordings that were written."""
        given = self.cleaned_data
        return [
            Body(channel, language, given.get(f"subject_{channel}_{language}", ""), given[f"body_{channel}_{language}"])
            for channel, language in _SLOTS
            if given[f"body_{channel}_{language}"].strip() or given.get(f"subject_{channel}_{language}")
        ]

    def title(self) -> Words:
        """The title in both languages; an untranslated one is the Japanese."""
        given = self.cleaned_data
        return Words(ja=given["title_ja"], en=given["title_en"] or given["title_ja"])


def initial_bodies(*, bodies: tuple[Body, ...]) -> dict[str, str]:
    """The form's initial values for wordings that there are."""
    values: dict[str, str] = {}
    for body in bodies:
        values[f"subject_{body.channel}_{body.language}"] = body.subject
        values[f"body_{body.channel}_{body.language}"] = body.body
    return values


class SettingsForm(forms.Form):
    """Who writes, when nobody is written to, and how often."""

    name = forms.CharField(
        max_length=120,
        required=False,
        label=lazystr(Words(ja="送信者の名前", en="Sender's name")),
        help_text=lazystr(
            Words(ja="会社名またはお店の名前。{{会社.名前}} にも入ります。", en="Company or shop; also {{会社.名前}}.")
        ),
    )
    address = forms.CharField(
        max_length=300,
        required=False,
        label=lazystr(Words(ja="送信者の住所", en="Sender's postal address")),
        help_text=lazystr(
            Words(
                ja="広告メールには、法律により名前と住所の表示が必要です。",
                en="The law wants name and postal address in every advertising mail.",
            )
        ),
    )
    contact = forms.CharField(
        max_length=200,
        required=False,
        label=lazystr(Words(ja="お問い合わせ先", en="Contact")),
        help_text=lazystr(Words(ja="電話番号、メールアドレスまたはURL。", en="Telephone, mail address or URL.")),
    )
    quiet_from = forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        label=lazystr(Words(ja="配信しない時間：始まり", en="Quiet from")),
    )
    quiet_until = forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        label=lazystr(Words(ja="配信しない時間：終わり", en="Quiet until")),
        help_text=lazystr(
            Words(
                ja="この間の広告と接客方法の配信は、終わりの時刻まで待ちます。ご注文の連絡などは待ちません。",
                en="Advertising and practices wait until the end; answers and order messages do not.",
            )
        ),
    )
    rests_on_holidays = forms.BooleanField(
        required=False,
        label=lazystr(Words(ja="土日・祝日も配信しない", en="Also rest on weekends and holidays")),
    )
    tracks_opens = forms.BooleanField(
        required=False,
        label=lazystr(Words(ja="メールの開封を記録する", en="Note when a mail is opened")),
        help_text=lazystr(
            Words(
                ja="見えない画像で記録します。自動で画像を読むメールソフトがあるため、実際より多めに数えます。"
                "プライバシーポリシーへの記載をご確認ください。",
                en="By an invisible picture. Some mail programs fetch it by themselves, so it counts too many. See that"
                " your privacy policy says so.",
            )
        ),
    )
    cap_count = forms.IntegerField(
        min_value=0,
        max_value=100,
        label=lazystr(Words(ja="お一人あたりの広告の上限（通）", en="Advertising messages per customer, at most")),
        help_text=lazystr(Words(ja="メール・LINE・SMSの合計です。", en="Counted over mail, LINE and SMS together.")),
    )
    cap_days = forms.IntegerField(
        min_value=1, max_value=365, label=lazystr(Words(ja="上限を数える期間（日）", en="… within so many days"))
    )


def initial_settings(*, settings: Settings) -> dict[str, object]:
    """The form's initial values."""
    return {
        "name": settings.sender.name,
        "address": settings.sender.address,
        "contact": settings.sender.contact,
        "quiet_from": settings.hours.quiet_from,
        "quiet_until": settings.hours.quiet_until,
        "rests_on_holidays": settings.hours.rests_on_holidays,
        "tracks_opens": settings.tracks_opens,
        "cap_count": settings.cap.count,
        "cap_days": settings.cap.days,
    }


class MessageFilterForm(forms.Form):
    """Which messages to show; everything is optional."""

    show = forms.CharField(required=False, max_length=20)
    channel = forms.ChoiceField(required=False, choices=[("", ""), *((name, name) for name in CHANNELS)])
    purpose = forms.ChoiceField(required=False, choices=[("", ""), *((name, name) for name in PURPOSES)])
    practice = forms.CharField(required=False, max_length=60)
    template = forms.CharField(required=False, max_length=60)
    reason = forms.CharField(required=False, max_length=40)
    day_from = forms.DateField(required=False)
    day_to = forms.DateField(required=False)

    def wanted(self, *, with_held_out: bool) -> MessageFilter:
        """The filter asked for; a field that makes no sense is left out rather than refused."""
        self.is_valid()
        given = self.cleaned_data
        return MessageFilter(
            show=str(given.get("show") or ""),
            channel=str(given.get("channel") or ""),
            purpose=str(given.get("purpose") or ""),
            practice=str(given.get("practice") or ""),
            template=str(given.get("template") or ""),
            reason=str(given.get("reason") or ""),
            day_from=_date(given.get("day_from")),
            day_to=_date(given.get("day_to")),
            with_held_out=with_held_out,
        )


class TaskFilterForm(forms.Form):
    """Which tasks to show."""

    show = forms.ChoiceField(required=False, choices=[(name, name) for name in ("open", "overdue", "done", "dropped")])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *((name, name) for name in KINDS)])
    store = forms.CharField(required=False, max_length=60)

    def wanted(self, *, stores: frozenset[str] | None) -> TaskFilter:
        """The filter asked for."""
        self.is_valid()
        given = self.cleaned_data
        return TaskFilter(
            stores=stores,
            show=str(given.get("show") or "open"),
            kind=str(given.get("kind") or ""),
            store=str(given.get("store") or ""),
        )


class CloseForm(forms.Form):
    """How a task ended."""

    note = forms.CharField(
        max_length=5000,
        required=False,
        label=lazystr(Words(ja="記録（任意）", en="Note (optional)")),
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": lazystr(
                    Words(
                        ja="例：お電話でお詫びし、代わりの商品をお送りすることになりました。",
                        en="E.g. apologised by telephone; a replacement is on its way.",
                    )
                ),
            }
        ),
    )


class LikingForm(forms.Form):
    """How a customer likes to be reached."""

    channel = forms.ChoiceField(
        required=False,
        choices=[
            ("", lazystr(Words(ja="指定なし（メール→LINE→SMS）", en="No wish (mail, LINE, SMS)"))),
            *((name, lazystr(words)) for name, words in CHANNELS.items()),
        ],
        label=lazystr(Words(ja="希望の経路", en="Preferred channel")),
    )
    language = forms.ChoiceField(
        required=False,
        choices=[
            ("", lazystr(Words(ja="指定なし（日本語）", en="No wish (Japanese)"))),
            *((name, lazystr(_LANGUAGE[name])) for name in LANGUAGES),
        ],
        label=lazystr(Words(ja="希望の言語", en="Preferred language")),
    )


def _date(value: object) -> date | None:
    # The first and the last day a calendar knows have no midnight in every time zone.
    return value if isinstance(value, date) and date.min < value < date.max else None
