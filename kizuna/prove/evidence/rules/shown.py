"""Effects as people read them: signed, in their unit, the interval beside the value."""

from kizuna.words import Words

MINUS, PLUS = "−", "+"


def signed(*, value: float, unit: str) -> Words:
    """«+16.3ポイント», «−8.1ポイント» of a share, «+1,240円»."""
    if unit == "share":
        text = _signed(value * 100, decimals=1)
        return Words(ja=f"{text}ポイント", en=f"{text} pp")
    if unit == "points":
        text = _signed(value, decimals=1)
        return Words(ja=f"{text}点", en=f"{text} points")
    if unit == "yen":
        return yen(value=value)
    text = _signed(value, decimals=2)
    return Words(ja=text, en=text)


def span(*, low: float, high: float, unit: str) -> str:
    """The interval without its unit: «+9.0 ～ +23.9»."""
    factor, decimals = {"share": (100.0, 1), "points": (1.0, 1), "yen": (1.0, 0)}.get(unit, (1.0, 2))
    return f"{_signed(low * factor, decimals=decimals)} ～ {_signed(high * factor, decimals=decimals)}"


def tick(*, value: float, unit: str) -> str:
    """The end of an axis."""
    return _signed(value * 100 if unit == "share" else value, decimals=0)


def yen(*, value: float) -> Words:
    """«+1,240円», «−144万円», «+2.31億円»; English in yen, thousands and millions."""
    size = abs(value)
    if size < 100_000:
        text = _signed(value, decimals=0)
        return Words(ja=f"{text}円", en=f"{text} yen")
    en = _signed(value / 1e6, decimals=2) + "M yen" if size >= 1e6 else _signed(value / 1e3, decimals=0) + "k yen"
    if size >= 1e8:
        return Words(ja=f"{_signed(value / 1e8, decimals=2)}億円", en=en)
    return Words(ja=f"{_signed(value / 1e4, decimals=0)}万円", en=en)


def _signed(value: float, *, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0.0:
        return text
    return (PLUS if value > 0 else MINUS) + text
