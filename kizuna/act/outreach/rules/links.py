"""The unsubscribe link: a signed message number, so that nothing about the customer stands in the address."""

from django.conf import settings
from django.core.signing import BadSignature, Signer

from kizuna.errors import NotFound
from kizuna.words import Words

_SALT = "kizuna.outreach.unsubscribe"
_PICTURE = "kizuna.outreach.opened"
_TOKEN_LIMIT = 120


class LinkForged(NotFound):
    """The link was not made by us, or was altered on the way."""

    code = "link_forged"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="リンクが正しくありません。届いたメッセージのリンクをもう一度お確かめください。",
                en="This link is not valid. Please check the link in the message you received.",
            )
        )


def unsubscribe_token(*, message_id: int) -> str:
    """The last part of the link. The closing letter keeps mail programs from cutting off a final «-» or «_»."""
    return Signer(sep=".", salt=_SALT).sign(str(message_id)) + "u"


def message_of(*, token: str) -> int:
    """The message a link was sent with. Raises: LinkForged."""
    if not token.endswith("u"):
        raise LinkForged
    return _signed(token=token[:-1], salt=_SALT)


def picture_url(*, message_id: int) -> str:
    """The address of the invisible picture whose fetching means that a mail was opened."""
    return f"{settings.PUBLIC_URL}/o/{Signer(sep='.', salt=_PICTURE).sign(str(message_id))}.gif"


def message_of_picture(*, token: str) -> int:
    """The message a picture belongs to. Raises: LinkForged. It is signed apart, so that it stops nothing."""
    return _signed(token=token, salt=_PICTURE)


def _signed(*, token: str, salt: str) -> int:
    if len(token) > _TOKEN_LIMIT:
        raise LinkForged
    try:
        return int(Signer(sep=".", salt=salt).unsign(token))
    except (BadSignature, ValueError):
        raise LinkForged from None


def unsubscribe_url(*, message_id: int) -> str:
    """The whole address a customer opens, and a mail program posts to."""
    return f"{settings.PUBLIC_URL}/u/{unsubscribe_token(message_id=message_id)}/"
