"""What staff fill in for a goal."""

from datetime import date

from django import forms
from django.utils.functional import lazystr

from kizuna.customers.staff.queries import all_staff
from kizuna.customers.stores.queries import all_stores
from kizuna.facts.touchpoints import TOUCHPOINTS
from kizuna.prove.goals.rules import LEVELS, GoalDraft, add_months, first_of
from kizuna.understand.metrics.queries import card, metrics
from kizuna.understand.metrics.rules.definition import Kind
from kizuna.words import Words

MONTHS_AHEAD = 24
_NOBODY = Words(ja="（未定）", en="(nobody yet)")
_WHOLE = Words(ja="（全社）", en="(whole company)")
_ALL = Words(ja="（すべて）", en="(all)")
_BY_UNIT: dict[str, Words] = {
    "share": Words(ja="%", en="%"),
    "points": Words(ja="ポイント", en="points"),
    "yen": Words(ja="円", en="yen"),
    "days": Words(ja="日", en="days"),
    "score": Words(ja="点", en="points"),
    "count": Words(ja="件・人・回", en="count"),
}


class GoalForm(forms.Form):
    """One goal as staff write it. Shares are typed in per cent."""

    title = forms.CharField(
        max_length=120,
        label=lazystr(Words(ja="目標", en="Goal")),
        help_text=lazystr(
            Words(
                ja="例：名古屋店の接客で、また来たいと言われる店に戻す", en="e.g. Nagoya: a shop people recommend again"
            )
        ),
    )
    level = forms.ChoiceField(label=lazystr(Words(ja="だれの目標か", en="Whose goal")))
    metric = forms.ChoiceField(
        label=lazystr(Words(ja="測る指標", en="Metric")),
        help_text=lazystr(
            Words(ja="ダッシュボードと同じ定義・同じ計算です。", en="The very same definition as on the dashboard.")
        ),
    )
    store = forms.ChoiceField(required=False, label=lazystr(Words(ja="店舗", en="Store")))
    touchpoint = forms.ChoiceField(required=False, label=lazystr(Words(ja="接点", en="Touchpoint")))
    target = forms.FloatField(
        label=lazystr(Words(ja="目標の値", en="Target")),
        help_text=lazystr(Words(ja="割合の指標は%で入力します（例：35）。", en="Type shares in per cent (e.g. 35).")),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    due = forms.ChoiceField(
        label=lazystr(Words(ja="期限の月", en="Due month")),
        help_text=lazystr(Words(ja="その月の値で判定します。", en="The goal is judged by that month's value.")),
    )
    owner = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=lazystr(Words(ja="責任者", en="Who answers for it"))
    )
    team = forms.CharField(required=False, max_length=80, label=lazystr(Words(ja="チーム名", en="Team")))
    why = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=lazystr(Words(ja="なぜ大切か、何をするか", en="Why it matters and what will be done")),
    )

    def __init__(self, *args: object, today: date, due_month: date | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._choose("level", [(level, lazystr(words)) for level, words in LEVELS.items()])
        self._choose(
            "metric", [(one.name, lazystr(_named(one.title, one.unit))) for one in metrics() if _monthly(one.kind)]
        )
        self._choose("store", [("", lazystr(_WHOLE)), *((one.code, one.name) for one in all_stores())])
        self._choose(
            "touchpoint", [("", lazystr(_ALL)), *((slug, lazystr(words)) for slug, words in TOUCHPOINTS.items())]
        )
        people = [one for one in all_staff() if one.is_active]
        self._choose("owner", [("", lazystr(_NOBODY)), *((one.user_id, one.name) for one in people)])
        months = {add_months(month=first_of(day=today), count=n) for n in range(1, MONTHS_AHEAD + 1)}
        months |= {due_month} if due_month else set()
        self._choose("due", [(f"{month:%Y-%m}", lazystr(_month(month))) for month in sorted(months)])

    def _choose(self, name: str, choices: list[tuple[object, object]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def draft(self) -> GoalDraft:
        """What was filled in."""
        said = self.cleaned_data
        scale = 0.01 if card(name=said["metric"]).unit == "share" else 1.0
        return GoalDraft(
            title=said["title"],
            level=said["level"],
            metric=said["metric"],
            target=said["target"] * scale,
            due_month=date.fromisoformat(f"{said['due']}-01"),
            owner_id=said["owner"],
            team=said["team"].strip() if said["level"] == "team" else "",
            store=said["store"],
            touchpoint=said["touchpoint"],
            why=said["why"],
        )


def initial_of(*, draft: GoalDraft) -> dict[str, object]:
    """The form as it begins when a goal is edited."""
    scale = 100.0 if card(name=draft.metric).unit == "share" else 1.0
    return {
        "title": draft.title,
        "level": draft.level,
        "metric": draft.metric,
        "store": draft.store,
        "touchpoint": draft.touchpoint,
        "target": round(draft.target * scale, 6),
        "due": f"{draft.due_month:%Y-%m}",
        "owner": draft.owner_id or "",
        "team": draft.team,
        "why": draft.why,
    }


def _monthly(kind: Kind) -> bool:
    return kind is not Kind.TOP_SHARE


def _named(title: Words, unit: str) -> Words:
    words = _BY_UNIT[unit]
    return Words(ja=f"{title.ja}（{words.ja}）", en=f"{title.en} ({words.en})")


def _month(month: date) -> Words:
    return Words(ja=f"{month.year}年{month.month}月", en=f"{month:%B %Y}")
