"""A label that is translated when it is shown, not when the module is loaded."""

from typing import TYPE_CHECKING

from django.utils.functional import lazystr

from kizuna.words import Words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def Spoken(*, ja: str, en: str) -> "_StrPromise":  # noqa: N802 - reads like Words beside it
    """A lazy string for form labels and help texts, in the language of the request that shows it."""
    return lazystr(Words(ja=ja, en=en))
