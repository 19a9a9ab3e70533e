"""Own rating criteria: taken in as provisional, described and confirmed by staff."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from kizuna.errors import Conflict
from kizuna.listen.surveys.models import Answer, OwnInstrument
from kizuna.listen.surveys.rules import (
    OWN_PREFIX,
    STANDARD,
    AnswerRecord,
    InstrumentUnknown,
    Scale,
    printable,
    usual_scale,
)
from kizuna.words import Words, in_number

_NAME_LIMIT = 76


class ScaleInUse(Conflict):
    """Answers outside the scale exist already, so the scale cannot be the right one."""

    code = "scale_in_use"

    def __init__(self, *, low: int, high: int, outside: int) -> None:
        self.low, self.high, self.outside = low, high, outside
        words = in_number(
            count=outside,
            ja="{low}〜{high} の外のスコアを持つ回答がすでに {outside} 件あります。尺度を広げてください。",
            one="{outside} answer already has a score outside {low}–{high}. Please choose a wider scale.",
            many="{outside} answers already have a score outside {low}–{high}. Please choose a wider scale.",
        )
        super().__init__(words.fill(low=low, high=high, outside=outside))


class ScaleEmpty(Conflict):
    """The low end is not below the high end."""

    code = "scale_empty"

    def __init__(self, *, low: int, high: int) -> None:
        self.low, self.high = low, high
        words = Words(
            ja="最小値 {low} は最大値 {high} より小さくしてください。", en="The low end {low} must be below {high}."
        )
        super().__init__(words.fill(low=low, high=high))


def scale_of(*, own: OwnInstrument) -> Scale:
    """The own criterion as a scale like the standard ones; fractions are allowed, sliders give them."""
    return Scale(
        instrument=f"{OWN_PREFIX}{own.name}",
        title=Words(ja=own.title_ja, en=own.title_en),
        short=Words(ja=own.title_ja, en=own.title_en),
        low=own.low,
        high=own.high,
        low_label=Words(ja=own.low_label_ja, en=own.low_label_en),
        high_label=Words(ja=own.high_label_ja, en=own.high_label_en),
        whole=False,
    )


def scales_for(*, answers: Sequence[AnswerRecord]) -> dict[str, Scale]:
    """The scale of every instrument these answers name; unknown own ones are created, provisional ones widened."""
    scales = dict(STANDARD)
    scores: dict[str, list[float]] = {}
    for answer in answers:
        if answer.instrument not in STANDARD and _is_own(instrument=answer.instrument):
            scores.setdefault(answer.instrument[len(OWN_PREFIX) :], []).append(answer.score)
    for name in sorted(scores):
        own = _own(name=name, scores=scores[name])
        scales[f"{OWN_PREFIX}{name}"] = scale_of(own=own)
    return scales


def scale_named(*, instrument: str) -> Scale:
    """The scale of a standard instrument or of an own one that is described. Raises ``InstrumentUnknown``."""
    if instrument in STANDARD:
        return STANDARD[instrument]
    own = OwnInstrument.objects.filter(name=instrument.removeprefix(OWN_PREFIX)).first()
    if own is None:
        raise InstrumentUnknown(instrument=instrument)
    return scale_of(own=own)


def confirm_scale(
    *,
    name: str,
    low: int,
    high: int,
    title: Words,
    low_label: Words,
    high_label: Words,
) -> int:
    """Describe an own criterion and fix its scale; from now on other scores are refused. Returns its id.

    Raises ``ScaleEmpty`` and ``ScaleInUse``.
    """
    if low >= high:
        raise ScaleEmpty(low=low, high=high)
    with transaction.atomic():
        outside = Answer.objects.filter(Q(score__lt=low) | Q(score__gt=high), instrument=f"{OWN_PREFIX}{name}").count()
        if outside:
            raise ScaleInUse(low=low, high=high, outside=outside)
        own, _ = OwnInstrument.objects.update_or_create(
            name=name,
            defaults={
                "low": low,
                "high": high,
                "title_ja": title.ja,
                "title_en": title.en,
                "low_label_ja": low_label.ja,
                "low_label_en": low_label.en,
                "high_label_ja": high_label.ja,
                "high_label_en": high_label.en,
                "confirmed": True,
            },
        )
    return own.pk


def _is_own(*, instrument: str) -> bool:
    fits = len(OWN_PREFIX) < len(instrument) <= len(OWN_PREFIX) + _NAME_LIMIT
    return instrument.startswith(OWN_PREFIX) and fits and printable(text=instrument) == instrument


def _own(*, name: str, scores: Sequence[float]) -> OwnInstrument:
    low, high = usual_scale(scores=scores)
    own, created = OwnInstrument.objects.get_or_create(
        name=name, defaults={"low": low, "high": high, "title_ja": name, "title_en": name}
    )
    if created or own.confirmed:
        return own
    own = OwnInstrument.objects.select_for_update().get(pk=own.pk)
    low, high = usual_scale(scores=[*scores, own.low, own.high])
    if not own.confirmed and (low, high) != (own.low, own.high):
        own.low, own.high = low, high
        own.save(update_fields=["low", "high"])
    return own
