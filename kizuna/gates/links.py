"""Personal links that customers open without signing in: the signature is the key, and the page tells nobody else."""

from django.core.signing import BadSignature, Signer
from django.http import HttpResponse

from kizuna.errors import NotFound
from kizuna.words import Words

# No script at all, and no other site may frame the page or receive its form.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


class LinkForged(NotFound):
    """The link was not made by us, was altered on the way, or was withdrawn."""

    code = "link_forged"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="リンクが正しくありません。届いたメッセージのリンクをもう一度お確かめください。",
                en="This link is not valid. Please check the link in the message you received.",
            )
        )


def signed(*, text: str, purpose: str) -> str:
    """The text and our signature over it; a signature for one purpose opens no door of another."""
    return Signer(sep=".", salt=purpose).sign(text)


def read_signed(*, token: str, purpose: str, limit: int) -> str:
    """The text inside a token. Raises: LinkForged unless it is ours, for this purpose, and no longer than ``limit``."""
    if len(token) > limit:
        raise LinkForged
    try:
        return Signer(sep=".", salt=purpose).unsign(token)
    except BadSignature:
        raise LinkForged from None


def kept_private(*, response: HttpResponse) -> HttpResponse:
    """The answer behind such a link: its address is a key and must not leak by referrer, index or script."""
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
