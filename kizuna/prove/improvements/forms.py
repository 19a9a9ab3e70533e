"""What staff fill in for an improvement."""

from datetime import date

from django import forms
from django.utils.functional import lazystr

from kizuna.customers.products.queries import product_cards
from kizuna.customers.staff.queries import all_staff
from kizuna.customers.stores.queries import all_stores
from kizuna.facts.touchpoints import TOUCHPOINTS
from kizuna.prove.improvements.rules import Draft
from kizuna.understand.metrics.queries import metrics
from kizuna.words import Words


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ImprovementForm(forms.Form):
    """One improvement as staff describe it."""

    title = forms.CharField(
        max_length=120,
        label=lazystr(Words(ja="題名", en="Title")),
        help_text=lazystr(
            Words(ja="例：名古屋店のレジを混雑時に2台にする", en="e.g. A second till in Nagoya at rush hour")
        ),
    )
    change = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=lazystr(Words(ja="何がどう変わるか", en="What will change")),
    )
    owner = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=lazystr(Words(ja="担当者", en="Who sees to it"))
    )
    due_on = forms.DateField(required=False, widget=_day(), label=lazystr(Words(ja="期限", en="Due")))
    stores = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=lazystr(Words(ja="実施する店舗", en="In which stores")),
        help_text=lazystr(
            Words(
                ja="一部の店舗で実施すると、ほかの店舗と比べて確かめられます。選ばなければ全店です。",
                en="Done in some stores, it can be compared with the others. None chosen means everywhere.",
            )
        ),
    )
    touchpoint = forms.ChoiceField(required=False, label=lazystr(Words(ja="接点", en="Touchpoint")))
    product = forms.CharField(
        required=False,
        max_length=200,
        label=lazystr(Words(ja="商品コード（商品の改善の場合）", en="Product code, if any")),
    )
    metric = forms.ChoiceField(
        required=False,
        label=lazystr(Words(ja="良くなるはずの指標", en="The metric it should move")),
        help_text=lazystr(
            Words(
                ja="先に1つ決めておきます。あとから多くの指標を見比べると、偶然の変化を拾ってしまうためです。",
                en="Name one now: of many looked at afterwards, one always seems to move.",
            )
        ),
    )

    def __init__(self, *args: object, stores: frozenset[str] | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        people = [
            one for one in all_staff() if one.is_active and (stores is None or not one.stores or stores & {*one.stores})
        ]
        none = lazystr(Words(ja="（未定）", en="(nobody yet)"))
        self._choose("owner", [("", none), *((one.user_id, one.name) for one in people)])
        self._choose("stores", [(one.code, one.name) for one in all_stores(stores=stores)])
        touchpoints = [(slug, lazystr(words)) for slug, words in TOUCHPOINTS.items()]
        self._choose("touchpoint", [("", lazystr(Words(ja="（特になし）", en="(none in particular)"))), *touchpoints])
        shown = [(one.name, lazystr(one.title)) for one in metrics()]
        self._choose("metric", [("", lazystr(Words(ja="（決めない）", en="(none)"))), *shown])

    def _choose(self, name: str, choices: list[tuple[object, object]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_product(self) -> str:
        """The code of a product that is known: with a mistyped one its figures would stay empty for ever."""
        code: str = self.cleaned_data["product"].strip()
        if code and code != self.initial.get("product") and code not in product_cards(codes=[code]):
            raise forms.ValidationError(
                str(
                    Words(
                        ja="このコードの商品は見つかりません。商品のデータにあるとおりに入力するか、空欄にしてください。",
                        en="No product has this code. Enter it as it stands in your product data, or leave it empty.",
                    )
                )
            )
        return code

    def draft(self) -> Draft:
        """What was filled in."""
        said = self.cleaned_data
        return Draft(
            title=said["title"],
            change=said["change"],
            owner_id=said["owner"],
            due_on=said["due_on"],
            stores=tuple(said["stores"]),
            product=said["product"],
            touchpoint=said["touchpoint"],
            metric=said["metric"],
        )


def initial_of(*, draft: Draft) -> dict[str, object]:
    """The form as it begins when an improvement is edited."""
    return {
        "title": draft.title,
        "change": draft.change,
        "owner": draft.owner_id or "",
        "due_on": draft.due_on,
        "stores": list(draft.stores),
        "product": draft.product,
        "touchpoint": draft.touchpoint,
        "metric": draft.metric,
    }


class MoveForm(forms.Form):
    """Another state, with a word on it and, when it is done, since when."""

    state = forms.CharField(max_length=9)
    note = forms.CharField(required=False, max_length=400)
    done_on = forms.DateField(required=False)

    def day(self) -> date | None:
        """The day it was done."""
        found: date | None = self.cleaned_data.get("done_on")
        return found


class NewsForm(forms.Form):
    """What the customers who asked are told."""

    news_ja = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        label=lazystr(Words(ja="お客様への文面（日本語）", en="For customers, in Japanese")),
    )
    news_en = forms.CharField(
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=lazystr(Words(ja="お客様への文面（英語・任意）", en="For customers, in English (optional)")),
    )

    def news(self) -> Words:
        """Both wordings."""
        return Words(ja=self.cleaned_data["news_ja"].strip(), en=self.cleaned_data["news_en"].strip())
