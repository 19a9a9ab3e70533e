"""Dates as Japanese shops write them. What is ambiguous (7/9/26) is refused, never guessed."""

import re
from datetime import date, datetime, time, timedelta, timezone

# The zone has had no change of offset since 1951; a fixed offset is ten times quicker to apply.
_JST_FIXED = timezone(timedelta(hours=9))
_END_OF_DAY = time(23, 59, 59)

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_ERAS |= {"r": 2018, "h": 1988, "s": 1925, "t": 1911, "m": 1867}
_ERA_DATE = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTMrhstm])\s*(元|\d{1,2})"
    r"\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?:\s*日)?"
)
_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?:\s*日)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?\Z")
_WEEKDAY = re.compile(r"\s*[(（][月火水木金土日](?:曜日?)?[)）]\s*")
_TIME = re.compile(
    r"(?:[T\s]+|(?<=日))(午前|午後|AM|PM)?\s*(\d{1,2})(?:[:時](\d{1,2})?)?(?:[:分](\d{1,2})秒?(?:\.(\d{1,6})\d*)?)?分?"
    r"\s*(AM|PM)?\s*(Z|UTC|GMT|JST|[+-]\d{2}:?\d{2})?\Z",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"\s(\d{2})(\d{2})(\d{2})\Z")
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "JST": 9}
_HALF_WIDTH = {ord("０") + n: ord("0") + n for n in range(10)} | {
    ord("／"): "/",
    ord("："): ":", ord("．"): ".", ord("－"): "-", ord("　"): " ", ord("＋"): "+", ord("Ｒ"): "R", ord("Ｈ"): "H",
}  # fmt: skip


def parse_moment(*, text: str) -> tuple[datetime, bool]:
    """The aware moment that ``text`` names and whether it names a time of day. No zone means JST.

    Raises ValueError for what is no date or could be read in two ways.
    """
    if len(text) >= 16 and text[4] in "-/" and text[5].isdigit():
        # The common shapes, by the C parser: 2026-07-09 10:00:00, 2026/07/09 10:00:00, …T10:00:00+09:00.
        try:
            quick = datetime.fromisoformat(text.replace("/", "-") if text[4] == "/" else text)
        except ValueError:
            return _slow(text=text)
        return _checked(quick if quick.tzinfo else quick.replace(tzinfo=_JST_FIXED)), True
    return _slow(text=text)


def parse_date(*, text: str) -> date:
    """The calendar date in JST. Raises ValueError like parse_moment."""
    return parse_moment(text=text)[0].astimezone(_JST_FIXED).date()


def end_of_day(*, moment: datetime, has_time: bool) -> datetime:
    """A promise or an arrival given as a date only means the end of that day in JST."""
    if has_time:
        return moment
    return datetime.combine(moment.astimezone(_JST_FIXED).date(), _END_OF_DAY, tzinfo=_JST_FIXED)


def _slow(*, text: str) -> tuple[datetime, bool]:
    text = _WEEKDAY.sub(" ", text.translate(_HALF_WIDTH)).strip()
    digits = _DIGITS.match(text)
    if digits:
        year, month, day, hour, minute, second = (int(part or 0) for part in digits.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_JST_FIXED)
        return _checked(moment), digits.group(4) is not None
    found = _ERA_DATE.match(text) or _DATE.match(text)
    if found is None:
        raise ValueError(text)
    day_part = _calendar_day(found=found)
    rest = text[found.end() :]
    if not rest:
        return _checked(datetime.combine(day_part, time(), tzinfo=_JST_FIXED)), False
    clock = _TIME.match(_COMPACT.sub(r" \1:\2:\3", text), found.end())
    if clock is None:
        raise ValueError(text)
    return _checked(datetime.combine(day_part, _time_of_day(clock=clock), tzinfo=_zone(name=clock.group(7)))), True


def _calendar_day(*, found: re.Match[str]) -> date:
    if found.re is _ERA_DATE:
        era, year = found.group(1), found.group(2)
        base = _ERAS.get(era) or _ERAS[era.lower()]
        return date(base + (1 if year == "元" else int(year)), int(found.group(3)), int(found.group(4)))
    return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))


def _time_of_day(*, clock: re.Match[str]) -> time:
    half = (clock.group(1) or clock.group(6) or "").upper()
    hour = int(clock.group(2))
    if half and hour > 12:
        raise ValueError(clock.group())
    if half in {"午後", "PM"}:
        hour = hour % 12 + 12
    elif half in {"午前", "AM"}:
        hour %= 12
    fraction = (clock.group(5) or "").ljust(6, "0")
    return time(hour, int(clock.group(3) or 0), int(clock.group(4) or 0), int(fraction or 0))


def _zone(*, name: str | None) -> timezone:
    if not name:
        return _JST_FIXED
    if name.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.upper()]))
    sign = -1 if name[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[-2:])))


def _checked(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2100:
        raise ValueError(str(moment))
    return moment
