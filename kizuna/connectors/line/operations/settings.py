"""Keep the LINE settings, and try them out."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from kizuna.connectors.channels.operations import TestFailed, told, wake
from kizuna.connectors.line.models import API, LineSettings
from kizuna.connectors.line.operations.push import push, read_quota
from kizuna.connectors.line.queries import configuration
from kizuna.connectors.line.rules import is_user_id, objects_of, retry_key
from kizuna.errors import Invalid
from kizuna.facts.audit.operations import record
from kizuna.gates.seal import seal
from kizuna.words import Words


class NotAUserId(Invalid):
    """A LINE user id is U and 32 characters; the id one chooses oneself is another."""

    code = "not_a_line_user_id"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="LINE のユーザーIDは「U」で始まる33文字です（検索用のLINE IDとは異なります）。",
                en="A LINE user id begins with “U” and has 33 characters (it is not the LINE ID used for searching).",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """The settings as the form gives them. A secret of None stays as it is; an empty one is removed."""

    access_token: str | None = field(default=None, repr=False)
    channel_secret: str | None = field(default=None, repr=False)
    api_url: str = API


@transaction.atomic
def save_settings(*, change: LineChange, actor: str, now: datetime) -> None:
    """Keep the settings; the audit log tells what changed, not what it is."""
    row = LineSettings.objects.filter(pk=1).first() or LineSettings(pk=1)
    changed = []
    if change.access_token is not None:
        row.access_token_sealed = seal(text=change.access_token.strip())
        row.quota_limit, row.quota_used, row.quota_read_at = None, 0, None
        changed.append("access_token")
    if change.channel_secret is not None:
        row.channel_secret_sealed = seal(text=change.channel_secret.strip())
        changed.append("channel_secret")
    if row.api_url != change.api_url:
        row.api_url = change.api_url
        changed.append("api_url")
    row.save()
    wake(channel="line", changed=bool(changed))
    record(actor=actor, action="line.settings", target="channel:line", detail={"changed": changed}, now=now)


def send_test(*, to: str, now: datetime) -> Words:
    """Push a test message to one LINE user; answers what happened.

    Raises: TestFailed, NotAUserId, SealBroken.
    """
    if not is_user_id(text=to.strip()):
        raise NotAUserId
    found = configuration()
    if not found.access_token:
        raise TestFailed(
            Words(
                ja="チャネルアクセストークンが未設定です。上の欄に入力して保存してから、もう一度お試しください。",
                en="The channel access token is not set yet. Enter it above, save, and try again.",
            )
        )
    text = Words(ja="Kizuna からのテストメッセージです。", en="This is a test message from Kizuna.")
    objects = objects_of(text=str(text)) or []
    verdict = push(found=found, to=to.strip(), objects=objects, key=retry_key(key=secrets.token_hex(16)))
    read_quota(found=found, now=now)
    return told(
        channel="line",
        verdict=verdict,
        taken=Words(
            ja="LINE が受け付けました。トークに届いているか確認してください。",
            en="LINE took it. Please see whether it has arrived in the chat.",
        ),
        declined=Words(ja="LINE に断られました（{why}）。", en="LINE refused the test message ({why})."),
    )
