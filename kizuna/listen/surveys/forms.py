"""What staff fill in: the texts of a survey, the scale of an own criterion, which answers to show."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.functional import lazystr

from kizuna.facts.touchpoints import TOUCHPOINTS, touchpoint_slug
from kizuna.listen.surveys.queries import AnswerFilter
from kizuna.words import Words

_LONG = forms.Textarea(attrs={"rows": 3})


class SurveyForm(forms.Form):
    """The texts a customer reads, in both languages."""

    name_ja = forms.CharField(max_length=120, label=lazystr(Words(ja="管理用の名前（日本語）", en="Name (Japanese)")))
    name_en = forms.CharField(max_length=120, label=lazystr(Words(ja="管理用の名前（英語）", en="Name (English)")))
    brand_ja = forms.CharField(
        max_length=80,
        required=False,
        label=lazystr(Words(ja="お客様に見せる店名（日本語）", en="Name shown to customers (Japanese)")),
        help_text=lazystr(Words(ja="空欄なら会社名を表示します。", en="Empty: the company's name.")),
    )
    brand_en = forms.CharField(
        max_length=80,
        required=False,
        label=lazystr(Words(ja="お客様に見せる店名（英語）", en="Name shown to customers (English)")),
    )
    question_ja = forms.CharField(
        max_length=300, widget=_LONG, label=lazystr(Words(ja="質問（日本語）", en="Question (Japanese)"))
    )
    question_en = forms.CharField(
        max_length=300, widget=_LONG, label=lazystr(Words(ja="質問（英語）", en="Question (English)"))
    )
    why_ja = forms.CharField(
        max_length=300, widget=_LONG, label=lazystr(Words(ja="理由の質問（日本語）", en="“Why?” (Japanese)"))
    )
    why_en = forms.CharField(
        max_length=300, widget=_LONG, label=lazystr(Words(ja="理由の質問（英語）", en="“Why?” (English)"))
    )
    thanks_ja = forms.CharField(
        max_length=1000, widget=_LONG, label=lazystr(Words(ja="お礼の文（日本語）", en="Thank-you text (Japanese)"))
    )
    thanks_en = forms.CharField(
        max_length=1000, widget=_LONG, label=lazystr(Words(ja="お礼の文（英語）", en="Thank-you text (English)"))
    )
    touchpoint = forms.CharField(
        max_length=60,
        required=False,
        label=lazystr(Words(ja="接点", en="Touchpoint")),
        help_text=lazystr(
            Words(
                ja="purchase、delivery、support など。独自の接点名も使えます。",
                en="purchase, delivery, support …; a name of your own works too.",
            )
        ),
        widget=forms.TextInput(attrs={"list": "touchpoints"}),
    )
    active = forms.BooleanField(required=False, label=lazystr(Words(ja="リンクを発行できる", en="Links can be issued")))

    def clean_touchpoint(self) -> str:
        """The standard slug where the word has one."""
        return touchpoint_slug(text=self.cleaned_data["touchpoint"])


class ScaleForm(forms.Form):
    """An own rating criterion."""

    name = forms.CharField(
        max_length=76,
        label=lazystr(Words(ja="ファイルでの名前（own: のあと）", en="Name in files (after own:)")),
    )
    low = forms.IntegerField(min_value=-1000, max_value=1000, label=lazystr(Words(ja="最小値", en="Lowest score")))
    high = forms.IntegerField(min_value=-1000, max_value=1000, label=lazystr(Words(ja="最大値", en="Highest score")))
    title_ja = forms.CharField(max_length=120, label=lazystr(Words(ja="表示名（日本語）", en="Title (Japanese)")))
    title_en = forms.CharField(max_length=120, label=lazystr(Words(ja="表示名（英語）", en="Title (English)")))
    low_label_ja = forms.CharField(
        max_length=60,
        required=False,
        label=lazystr(Words(ja="最小値の言葉（日本語）", en="Words for the lowest (Japanese)")),
    )
    low_label_en = forms.CharField(
        max_length=60,
        required=False,
        label=lazystr(Words(ja="最小値の言葉（英語）", en="Words for the lowest (English)")),
    )
    high_label_ja = forms.CharField(
        max_length=60,
        required=False,
        label=lazystr(Words(ja="最大値の言葉（日本語）", en="Words for the highest (Japanese)")),
    )
    high_label_en = forms.CharField(
        max_length=60,
        required=False,
        label=lazystr(Words(ja="最大値の言葉（英語）", en="Words for the highest (English)")),
    )


class IssueForm(forms.Form):
    """Whom to ask, by which channel, in which language."""

    person = forms.IntegerField(min_value=1)
    channel = forms.ChoiceField(
        choices=[
            ("link", lazystr(Words(ja="リンクを手渡し・その他", en="Link, handed over"))),
            ("mail", lazystr(Words(ja="メール", en="Mail"))),
            ("line", lazystr(Words(ja="LINE", en="LINE"))),
            ("qr", lazystr(Words(ja="QRコード", en="QR code"))),
        ],
        label=lazystr(Words(ja="届け方", en="Channel")),
    )
    locale = forms.ChoiceField(
        choices=[("ja", "日本語"), ("en", "English")], label=lazystr(Words(ja="言語", en="Language"))
    )
    store = forms.ChoiceField(required=False, label=lazystr(Words(ja="対象の店舗", en="About which store")))

    def __init__(self, data: QueryDict | None = None, *, stores: Sequence[tuple[str, str]], free: bool) -> None:
        """``stores`` are those the asker may name; only who sees all of them (``free``) may name none."""
        super().__init__(data)
        nowhere = ("", lazystr(Words(ja="指定しない", en="None in particular")))
        field = cast("forms.ChoiceField", self.fields["store"])
        field.choices = [*([nowhere] if free else []), *stores]
        field.required = not free


class AnswerFilterForm(forms.Form):
    """Which answers to show; everything is optional."""

    instrument = forms.CharField(required=False, max_length=80)
    touchpoint = forms.CharField(required=False, max_length=60)
    store = forms.CharField(required=False, max_length=60)
    band = forms.ChoiceField(required=False, choices=[("", ""), ("high", ""), ("middle", ""), ("low", "")])
    commented = forms.BooleanField(required=False)
    day_from = forms.DateField(required=False)
    day_to = forms.DateField(required=False)

    def wanted(self, *, stores: frozenset[str] | None, survey_id: int | None) -> AnswerFilter:
        """The filter asked for; a field that makes no sense is left out rather than refused."""
        self.is_valid()
        given = self.cleaned_data
        return AnswerFilter(
            stores=stores,
            survey_id=survey_id,
            instrument=str(given.get("instrument") or ""),
            touchpoint=str(given.get("touchpoint") or ""),
            store=str(given.get("store") or ""),
            band=str(given.get("band") or ""),
            commented=bool(given.get("commented")),
            day_from=_date(given.get("day_from")),
            day_to=_date(given.get("day_to")),
        )


def touchpoint_choices() -> list[tuple[str, Words]]:
    """The standard touchpoints in journey order."""
    return list(TOUCHPOINTS.items())


def _date(value: object) -> date | None:
    # The first and the last day a calendar knows have no midnight in every time zone.
    return value if isinstance(value, date) and date.min < value < date.max else None
