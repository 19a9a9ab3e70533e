"""The only way a password or token is kept: encrypted with a key made from the installation's secret key.

A copy of the database alone opens no mail server and no LINE account. Nothing here is ever shown again:
a page says that a secret is set and offers to replace it.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from kizuna.errors import Invalid
from kizuna.words import Words


class SealBroken(Invalid):
    """The secret was sealed under another secret key, or is damaged."""

    code = "seal_broken"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja=(
                    "保存された認証情報を復号できません（secret_key が変わった可能性があります）。"
                    "設定画面で入力し直してください。"
                ),
                en=(
                    "The stored credentials cannot be decrypted (the secret_key may have changed)."
                    " Please enter them again in the settings."
                ),
            )
        )


def seal(*, text: str) -> str:
    """The text encrypted and authenticated; nothing for nothing."""
    return _fernet().encrypt(text.encode()).decode("ascii") if text else ""


def unseal(*, sealed: str) -> str:
    """The text that was sealed.

    Raises: SealBroken.
    """
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise SealBroken from error


def _fernet() -> Fernet:
    # A key of its own, so that what is signed with SECRET_KEY elsewhere says nothing about what is sealed here.
    derived = hmac.digest(settings.SECRET_KEY.encode(), b"kizuna.gates.seal 1", "sha256")
    return Fernet(base64.urlsafe_b64encode(derived))
