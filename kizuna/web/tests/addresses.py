"""Every address of the application, from the URLconf itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SAMPLES = {
    "int": 1,
    "str": "nps",
    "token": "forged.token",
    "uidb36": "1",
    "key": "set-password",
    "provider_id": "company",
    "slug": "nps",
}


@dataclass(frozen=True)
class Address:
    """A view's full name (empty when it has none) and a sample path."""

    name: str
    path: str


def addresses() -> list[Address]:
    """All of them, feature namespaces included."""
    return list(_walk(get_resolver().url_patterns, "", {}))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, above: dict[str, object]) -> Iterator[Address]:
    for pattern in patterns:
        known = {
            **dict.fromkeys(pattern.pattern.regex.groupindex),
            **above,
            **getattr(pattern.pattern, "converters", {}),
        }
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, inner, known)
        else:
            name = f"{prefix}{pattern.name}" if pattern.name else ""
            values = {
                key: SAMPLES.get(key) or SAMPLES["int" if "Int" in type(converter).__name__ else "str"]
                for key, converter in known.items()
            }
            yield Address(name=name, path=reverse(name, kwargs=values) if name else "")
