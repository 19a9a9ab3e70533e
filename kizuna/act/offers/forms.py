"""What staff fill in: an offer's terms, codes for a pool, a use at the till."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.functional import lazystr

from kizuna.act.offers.rules import OCCASIONS, Item, Terms
from kizuna.act.offers.rules.terms import LARGEST_YEN
from kizuna.clock import JST
from kizuna.words import Words


def _w(ja: str, en: str) -> Any:
    return lazystr(Words(ja=ja, en=en))


_VALUES: dict[str, tuple[Any, Any]] = {
    "amount": (_w("値引額（円）", "Yen off"), None),
    "percent": (_w("割引率（%）", "Percent off"), None),
    "free_shipping": (
        _w("1回あたりの送料のご負担（円）", "Shipping you bear per use (yen)"),
        _w("予算と費用の計算に使います。", "Used for the budget and the cost."),
    ),
    "bundle": (_w("セット価格（円）", "Price of the set (yen)"), None),
    "gift": (
        _w("プレゼントの価額（円）", "Worth of the gift (yen)"),
        _w("お客様が通常買うときの税込価格です。", "What a customer would usually pay for it, tax included."),
    ),
    "lottery": (
        _w("最高の賞の価額（円）", "Worth of the highest prize (yen)"),
        _w("お客様が通常買うときの税込価格です。", "What a customer would usually pay for it, tax included."),
    ),
}
_ONLY_FOR = {
    "max_discount_yen": {"percent"},
    "unit_cost_yen": {"gift", "lottery"},
    "items": {"bundle"},
    "lowest_price_yen": {"gift", "lottery"},
    "prize_total_yen": {"lottery"},
    "planned_sales_yen": {"lottery"},
}
_YEN: dict[str, Any] = {"min_value": 1, "max_value": LARGEST_YEN, "required": False}
LARGEST_ID = 2**63 - 1
"""The largest number a row can have."""
_TIME: dict[str, Any] = {
    "required": False,
    # The first and the last day of the calendar have no midnight in every time zone.
    "validators": [
        MinValueValidator(datetime(1900, 1, 1, tzinfo=JST)),
        MaxValueValidator(datetime(2900, 1, 1, tzinfo=JST)),
    ],
    "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
}
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (
        Words(ja="お客様に見せる名前と内容", en="What customers read and get"),
        ("title_ja", "title_en", "value", "max_discount_yen", "items", "unit_cost_yen", "min_spend_yen", "occasion"),
    ),
    (
        Words(ja="期間", en="When"),
        ("valid_days", "starts_at", "ends_at"),
    ),
    (
        Words(ja="上限（空欄は制限なし）", en="Limits (empty: none)"),
        ("total_limit", "budget_yen", "per_person_limit", "uses_per_coupon"),
    ),
    (
        Words(ja="景品表示法の確認", en="For the Premiums Act"),
        ("lowest_price_yen", "prize_total_yen", "planned_sales_yen", "depends_on_score"),
    ),
    (Words(ja="コードと管理名", en="Codes and name"), ("code_mode", "code_prefix", "name")),
)


class OfferForm(forms.Form):
    """The terms of one kind of offer; fields that kind does not need are left out."""

    title_ja = forms.CharField(max_length=120, label=_w("名前（日本語）", "Title (Japanese)"))
    title_en = forms.CharField(max_length=120, label=_w("名前（英語）", "Title (English)"))
    value = forms.IntegerField(min_value=1, max_value=LARGEST_YEN)
    max_discount_yen = forms.IntegerField(label=_w("値引の上限（円）", "Most yen off"), **_YEN)
    items = forms.CharField(
        label=_w("セットの商品", "Products of the set"),
        help_text=_w(
            "1行に1商品、「商品コード, 個数, 単品価格」の順に入力します。",
            "One product a line: product code, quantity, price by itself.",
        ),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "TEA-01, 2, 1200"}),
    )
    unit_cost_yen = forms.IntegerField(
        label=_w("1回あたりの費用（円）", "Cost of one use (yen)"),
        help_text=_w("空欄なら価額と同じとします。", "Empty: the same as its worth."),
        **_YEN,
    )
    min_spend_yen = forms.IntegerField(
        min_value=0,
        max_value=LARGEST_YEN,
        required=False,
        label=_w("最低購入額（円）", "Least purchase (yen)"),
        help_text=_w("空欄なら、いくらからでも使えます。", "Empty: any purchase will do."),
    )
    occasion = forms.ChoiceField(
        choices=[(slug, lazystr(words)) for slug, words in OCCASIONS.items()], label=_w("渡すきっかけ", "Given for")
    )
    valid_days = forms.IntegerField(
        min_value=1,
        max_value=3650,
        required=False,
        label=_w("有効日数", "Days of validity"),
        help_text=_w(
            "渡した日の翌日から数え、最終日の終わりまで使えます。", "Good until the end of that day after giving."
        ),
    )
    starts_at = forms.DateTimeField(label=_w("開始", "From"), **_TIME)
    ends_at = forms.DateTimeField(label=_w("終了", "Until"), **_TIME)
    total_limit = forms.IntegerField(label=_w("利用回数の上限", "Uses in all"), **_YEN)
    budget_yen = forms.IntegerField(label=_w("予算（円）", "Budget (yen)"), **_YEN)
    per_person_limit = forms.IntegerField(
        min_value=1, max_value=1000, required=False, label=_w("お一人様の回数", "Uses per customer")
    )
    uses_per_coupon = forms.IntegerField(
        min_value=1,
        max_value=1_000_000,
        initial=1,
        label=_w("1つのコードで使える回数", "Uses of one code"),
        help_text=_w(
            "合言葉のように配るコードは、大きな数にします。", "Set it high for a code that many customers share."
        ),
    )
    lowest_price_yen = forms.IntegerField(
        label=_w("お店の通常の最低価格（円）", "Lowest usual price of the shop (yen)"),
        help_text=_w(
            "最低購入額を決めないときの「取引の価額」です。空欄なら100円とみなします。",
            "The value of the transaction when there is no least purchase. Empty: 100 yen.",
        ),
        **_YEN,
    )
    prize_total_yen = forms.IntegerField(label=_w("賞の総額（円）", "All prizes together (yen)"), **_YEN)
    planned_sales_yen = forms.IntegerField(
        label=_w("期間中の売上予定総額（円）", "Planned sales of the period (yen)"), **_YEN
    )
    depends_on_score = forms.BooleanField(
        required=False,
        label=_w(
            "点数や内容によって、渡すかどうかを変える", "Whether it is given depends on the score or what is said"
        ),
        help_text=_w("レビューのお礼では認められません。", "Not allowed for reviews."),
    )
    code_mode = forms.ChoiceField(
        choices=[
            ("generated", _w("自動で作る（お客様ごとに別のコード）", "Made here, one for each customer")),
            ("pool", _w("手持ちのコードを取り込む", "Bring in codes from another system")),
        ],
        label=_w("コード", "Codes"),
    )
    code_prefix = forms.CharField(
        max_length=8,
        required=False,
        label=_w("コードの先頭", "Prefix of the codes"),
        help_text=_w(
            "I・L・O・Uを除く英数字。空欄なら自動で決めます。",
            "Letters and digits without I, L, O, U. Empty: made here.",
        ),
    )
    name = forms.SlugField(
        max_length=60,
        error_messages={
            "invalid": _w(
                "半角の英数字、ハイフン、下線だけが使えます。", "Letters, digits, hyphens and underscores only."
            )
        },
        required=False,
        label=_w("管理名（英数字）", "Name for staff (letters and digits)"),
        help_text=_w("施策から呼び出す名前です。空欄なら自動で決めます。", "Practices refer to it. Empty: made here."),
    )

    def __init__(self, data: QueryDict | None = None, *, kind: str, initial: Mapping[str, Any] | None = None) -> None:
        """The form of one kind of offer."""
        super().__init__(data, initial=dict(initial or {}))
        self.kind = kind
        for name, kinds in _ONLY_FOR.items():
            if kind not in kinds:
                del self.fields[name]
        self.fields["value"].label, self.fields["value"].help_text = _VALUES[kind][0], _VALUES[kind][1] or ""
        if kind == "percent":
            cast("forms.IntegerField", self.fields["value"]).max_value = 100
            self.fields["value"].widget.attrs["max"] = 100

    def groups(self) -> list[tuple[Words, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    def clean_items(self) -> tuple[Item, ...]:
        """The parts of the set."""
        items = []
        for number, line in enumerate(self.cleaned_data["items"].splitlines(), start=1):
            if not line.strip():
                continue
            cells = [cell.strip() for cell in re.split(r"[\t,，、]", line)]
            if len(cells) != 3 or not all(cell.isdecimal() and 0 < int(cell) < LARGEST_YEN for cell in cells[1:]):
                wrong = Words(
                    ja="{n}行目を「商品コード, 個数, 単品価格」の順で入力してください。",
                    en="Line {n}: give product code, quantity, price.",
                )
                raise forms.ValidationError(str(wrong.fill(n=number)))
            items.append(Item(sku=cells[0], quantity=int(cells[1]), price_yen=int(cells[2])))
        return tuple(items)

    def terms(self, *, name: str) -> Terms:
        """What was filled in, as terms."""
        given = dict(self.cleaned_data)
        title = Words(ja=given.pop("title_ja"), en=given.pop("title_en"))
        given.pop("code_prefix")
        given["name"] = given["name"] or name
        given["min_spend_yen"] = given["min_spend_yen"] or 0
        return Terms(title=title, kind=self.kind, **given)


def initial_of(*, terms: Terms, prefix: str) -> dict[str, Any]:
    """The form's values for terms that stand already."""
    names = (name for _, group in GROUPS for name in group)
    known = {name: getattr(terms, name) for name in names if hasattr(terms, name)}
    lines = "\n".join(f"{item.sku}, {item.quantity}, {item.price_yen}" for item in terms.items)
    return known | {"title_ja": terms.title.ja, "title_en": terms.title.en, "code_prefix": prefix, "items": lines}


class LimitsForm(forms.Form):
    """New limits of a running offer."""

    total_limit = forms.IntegerField(label=_w("利用回数の上限", "Uses in all"), **_YEN)
    budget_yen = forms.IntegerField(label=_w("予算（円）", "Budget (yen)"), **_YEN)


class PoolForm(forms.Form):
    """Codes to bring in, pasted or as a file."""

    codes = forms.CharField(
        required=False,
        max_length=5_000_000,
        label=_w("コード（1行に1つ）", "Codes, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        required=False,
        label=_w("またはファイル（CSV・テキスト）", "Or a file (CSV or text)"),
        help_text=_w(
            "1列目をコードとして読みます。文字コードはUTF-8でもShift_JISでも構いません。",
            "The first column is read, in UTF-8 or Shift_JIS.",
        ),
    )

    def clean_file(self) -> list[str]:
        """The lines of the file."""
        file = self.cleaned_data.get("file")
        if file is None:
            return []
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(str(_TOO_LARGE))
        raw = file.read()
        if raw[:4] in _OFFICE:
            raise forms.ValidationError(str(_SPREADSHEET))
        return _decoded(raw=raw).splitlines()

    def clean(self) -> dict[str, Any]:
        """Something must be given."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("codes") and not cleaned.get("file"):
            raise forms.ValidationError(str(_NOTHING))
        return cleaned

    def lines(self) -> list[str]:
        """Everything given, line by line: what was pasted, then the file."""
        return [*str(self.cleaned_data["codes"]).splitlines(), *self.cleaned_data["file"]]


LARGEST_FILE = 10_000_000
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheet programs begin."""
_SPREADSHEET = Words(
    ja="Excelのファイルは読めません。Excelで「CSV」形式で保存してから取り込んでください。",
    en="This is a spreadsheet file. Save it as CSV, then bring it in.",
)
_TOO_LARGE = Words(
    ja="ファイルが大きすぎます（10MBまで）。分けて取り込んでください。", en="The file is over 10 MB. Bring it in parts."
)
_NOTHING = Words(ja="コードを貼り付けるか、ファイルを選んでください。", en="Paste codes, or choose a file.")


def _decoded(*, raw: bytes) -> str:
    """Text of a file from a Japanese office. Codes are ASCII, so what else stands in the file may be lost."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp932", errors="replace")


class GiveForm(forms.Form):
    """To whom a coupon is given by hand."""

    person = forms.IntegerField(min_value=1, max_value=LARGEST_ID, label=_w("お客様番号", "Customer's number"))


class UseForm(forms.Form):
    """A use at the till."""

    code = forms.CharField(max_length=80)
    key = forms.RegexField(r"^till:[0-9a-f]{32}$")
    amount = forms.IntegerField(
        min_value=0,
        max_value=LARGEST_YEN,
        label=_w("お買い物の金額（円）", "Amount of the purchase (yen)"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    store = forms.ChoiceField(required=False, label=_w("店舗", "Store"))
    person = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, label=_w("お客様番号", "Customer's number")
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        stores: Sequence[tuple[str, str]],
        free: bool,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """``stores`` are those the asker may name; only who sees all of them (``free``) may name none."""
        super().__init__(data, initial=dict(initial or {}))
        field = cast("forms.ChoiceField", self.fields["store"])
        field.choices = [*([("", _w("指定しない", "None in particular"))] if free else []), *stores]
        field.required = not free


REASONS: dict[str, Words] = {
    "mistake": Words(ja="打ち間違い", en="Entered by mistake"),
    "returned": Words(ja="返品", en="Goods returned"),
    "cancelled": Words(ja="注文の取消", en="Order cancelled"),
}


class ReverseForm(forms.Form):
    """Taking a use back."""

    code = forms.CharField(max_length=80)
    key = forms.CharField(max_length=160)
    reversal_key = forms.RegexField(r"^till:[0-9a-f]{32}$")
    reason = forms.ChoiceField(choices=[(slug, lazystr(words)) for slug, words in REASONS.items()])
