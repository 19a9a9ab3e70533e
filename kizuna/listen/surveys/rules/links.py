"""Personal links: how they are made, what makes them false, and how long they live."""

import secrets
from datetime import timedelta

from django.conf import settings

from kizuna.errors import Conflict
from kizuna.gates.links import read_signed, signed
from kizuna.words import Words

LINK_LIFETIME = timedelta(days=60)
AMEND_WINDOW = timedelta(hours=24)
"""How long after the first answer the customer may still change it by the same link."""
COMMENT_LIMIT = 4000
_SALT = "kizuna.surveys.link"
_TOKEN_LIMIT = 200


class LinkExpired(Conflict):
    """The time for answering is over."""

    code = "link_expired"

    def __init__(self) -> None:
        super().__init__(
            Words(ja="このアンケートの回答期限は過ぎました。", en="The time for answering this survey has passed.")
        )


class LinkClosed(Conflict):
    """The answer was given and the time for changing it is over."""

    code = "link_closed"

    def __init__(self) -> None:
        super().__init__(
            Words(ja="このアンケートにはすでにご回答いただいています。", en="You have already answered this survey.")
        )


def new_nonce() -> str:
    """128 random bits. Links whose last sign is no letter or digit are avoided: mail programs cut those off."""
    while True:
        nonce = secrets.token_urlsafe(16)
        if signed_token(nonce=nonce)[-1].isalnum():
            return nonce


def signed_token(*, nonce: str) -> str:
    """The last part of the link: the invitation's nonce and our signature over it."""
    return signed(text=nonce, purpose=_SALT)


def nonce_of(*, token: str) -> str:
    """The nonce inside a link's token. Raises ``LinkForged`` unless the signature is ours."""
    return read_signed(token=token, purpose=_SALT, limit=_TOKEN_LIMIT)


def link_url(*, nonce: str) -> str:
    """The whole address a customer opens."""
    return f"{settings.PUBLIC_URL}/s/{signed_token(nonce=nonce)}"
