"""What staff choose when they compare stores, or customers, without a lot. Everything travels in the address."""

from datetime import date, timedelta

from django import forms
from django.utils.functional import lazystr

from kizuna.customers.stores.queries import all_stores
from kizuna.facts.touchpoints import TOUCHPOINTS
from kizuna.prove.trials.queries import comparable_metrics
from kizuna.prove.trials.queries.compared import DEFAULT_WINDOW_DAYS, outcomes
from kizuna.prove.trials.queries.groups import groups
from kizuna.words import Words

EARLIEST = date(2000, 1, 1)
WINDOWS = (30, 60, 90, 180)
_CHOOSE = Words(ja="選んでください", en="Choose")
_MISSING = Words(ja="選んでください。", en="Please choose.")
_UNKNOWN = Words(ja="選べない値です。一覧から選び直してください。", en="This cannot be chosen. Pick one of the list.")
_NO_DAY = Words(ja="日付を入れてください。", en="Please give a day.")
_BAD_DAY = Words(
    ja="日付として読めません。2026-01-31 の形で入れてください。", en="This is no date. Write it like 2026-01-31."
)
_AHEAD = Words(ja="これからの日は選べません。", en="A day that is still to come cannot be compared.")
_TOO_EARLY = Words(ja="2000年より前の日は選べません。", en="Days before the year 2000 cannot be compared.")
_ALL_STORES = Words(
    ja="全店を選ぶと、比べる店舗が残りません。始めていない店舗は外してください。",
    en="With every store chosen none is left to compare with. Leave out those that changed nothing.",
)
_NO_TOUCHPOINT = Words(
    ja="この指標は接点では絞り込めません。「すべて」にしてください。",
    en="This metric cannot be narrowed to a touchpoint. Choose “all”.",
)
_BACKWARDS = Words(ja="期間の終わりは、始まりより後の日にしてください。", en="Let the period end after it begins.")


def _day(**attributes: str) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attributes}, format="%Y-%m-%d")


_TOLD = {
    "required": lazystr(_MISSING),
    "invalid_choice": lazystr(_UNKNOWN),
    "invalid_list": lazystr(_UNKNOWN),
    "invalid": lazystr(_BAD_DAY),
}
"""Messages in the reader's language, whatever the field."""


class StoresForm(forms.Form):
    """Which stores began something on a day, and what it should have moved."""

    metric = forms.ChoiceField(label=lazystr(Words(ja="良くなるはずの指標", en="What it should have moved")))
    touchpoint = forms.ChoiceField(required=False, label=lazystr(Words(ja="接点", en="Touchpoint")))
    since = forms.DateField(widget=_day(), label=lazystr(Words(ja="始めた日", en="The day it began")))
    stores = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label=lazystr(Words(ja="始めた店舗", en="The stores that began"))
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.cards = {one.name: one for one in comparable_metrics()}
        self.places = all_stores()
        _choose(self, "metric", [(name, lazystr(one.title)) for name, one in self.cards.items()])
        everywhere = lazystr(Words(ja="すべて", en="All"))
        named = [(slug, lazystr(words)) for slug, words in TOUCHPOINTS.items()]
        _choose(self, "touchpoint", [("", everywhere), *named])
        _choose(self, "stores", [(one.code, one.name) for one in self.places])
        self.fields["since"].widget.attrs["max"] = today.isoformat()
        _speak(self, since=_NO_DAY)

    def clean_since(self) -> date:
        """Not a day to come, and not one before any record."""
        since: date = self.cleaned_data["since"]
        return _sensible(since, today=self.today)

    def clean_stores(self) -> list[str]:
        """Somebody has to be left to compare with."""
        chosen: list[str] = self.cleaned_data["stores"]
        if len(set(chosen)) == len(self.places):
            raise forms.ValidationError(str(_ALL_STORES))
        return chosen

    def clean(self) -> dict[str, object]:
        """Not every metric has touchpoints."""
        said = super().clean() or self.cleaned_data
        metric, touchpoint = said.get("metric"), said.get("touchpoint")
        if metric and touchpoint and "touchpoint" not in self.cards[metric].dims:
            self.add_error("touchpoint", str(_NO_TOUCHPOINT))
        return said


class PeopleForm(forms.Form):
    """What some customers got and others did not, what it might have moved, and over which days."""

    group = forms.ChoiceField(label=lazystr(Words(ja="どんなお客様を比べるか", en="Which customers")))
    metric = forms.ChoiceField(label=lazystr(Words(ja="そのあとの何を比べるか", en="What they did afterwards")))
    days = forms.ChoiceField(required=False, label=lazystr(Words(ja="何日間を見るか", en="Within how long")))
    date_from = forms.DateField(
        required=False, widget=_day(), label=lazystr(Words(ja="注文・お届けの期間（始め）", en="Orders from"))
    )
    date_to = forms.DateField(required=False, widget=_day(), label=lazystr(Words(ja="期間（終わり）", en="Orders to")))

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.known = groups()
        first = [("", lazystr(_CHOOSE))]
        _choose(self, "group", [*first, *((one.slug, lazystr(one.title)) for one in self.known)])
        _choose(self, "metric", [(one.metric.name, lazystr(one.title)) for one in outcomes()])
        _choose(self, "days", [(days, lazystr(Words(ja=f"{days}日間", en=f"{days} days"))) for days in WINDOWS])
        self.initial.setdefault("days", DEFAULT_WINDOW_DAYS)
        _speak(self)

    def clean_date_from(self) -> date | None:
        """Not a day to come."""
        day: date | None = self.cleaned_data["date_from"]
        return None if day is None else _sensible(day, today=self.today)

    def clean_date_to(self) -> date | None:
        """Not a day to come."""
        day: date | None = self.cleaned_data["date_to"]
        return None if day is None else _sensible(day, today=self.today)

    def clean(self) -> dict[str, object]:
        """The period runs forward."""
        said = super().clean() or self.cleaned_data
        first, last = said.get("date_from"), said.get("date_to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("date_to", str(_BACKWARDS))
        return said

    @property
    def window_days(self) -> int:
        """The days in which the outcome is read."""
        return int(self.cleaned_data["days"] or DEFAULT_WINDOW_DAYS)

    @property
    def date_to_exclusive(self) -> date | None:
        """The last day that was typed counts."""
        last: date | None = self.cleaned_data["date_to"]
        return None if last is None else last + timedelta(days=1)


def _sensible(day: date, *, today: date) -> date:
    if day > today:
        raise forms.ValidationError(str(_AHEAD))
    if day < EARLIEST:
        raise forms.ValidationError(str(_TOO_EARLY))
    return day


def _choose(form: forms.Form, name: str, choices: list[tuple[object, object]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _speak(form: forms.Form, **required: Words) -> None:
    for name, field in form.fields.items():
        field.error_messages.update(_TOLD)
        if name in required:
            field.error_messages["required"] = lazystr(required[name])
