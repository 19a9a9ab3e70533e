"""The unsubscribe link: a signed message number, so that nothing about the customer stands in the address."""

from django.conf import settings

from kizuna.gates.links import LinkForged, read_signed, signed

_SALT = "kizuna.outreach.unsubscribe"
_PICTURE = "kizuna.outreach.opened"
_TOKEN_LIMIT = 120


def unsubscribe_token(*, message_id: int) -> str:
    """The last part of the link. The closing letter keeps mail programs from cutting off a final «-» or «_»."""
    return signed(text=str(message_id), purpose=_SALT) + "u"


def message_of(*, token: str) -> int:
    """The message a link was sent with. Raises: LinkForged."""
    if not token.endswith("u"):
        raise LinkForged
    return _number(token=token[:-1], purpose=_SALT)


def picture_url(*, message_id: int) -> str:
    """The address of the invisible picture whose fetching means that a mail was opened."""
    return f"{settings.PUBLIC_URL}/o/{signed(text=str(message_id), purpose=_PICTURE)}.gif"


def message_of_picture(*, token: str) -> int:
    """The message a picture belongs to. Raises: LinkForged. It is signed apart, so that it stops nothing."""
    return _number(token=token, purpose=_PICTURE)


def _number(*, token: str, purpose: str) -> int:
    try:
        return int(read_signed(token=token, purpose=purpose, limit=_TOKEN_LIMIT))
    except ValueError:
        raise LinkForged from None


def unsubscribe_url(*, message_id: int) -> str:
    """The whole address a customer opens, and a mail program posts to."""
    return f"{settings.PUBLIC_URL}/u/{unsubscribe_token(message_id=message_id)}/"
