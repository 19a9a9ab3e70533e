"""Keep the SMS settings, and try them out."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from kizuna.connectors.channels.operations import TestFailed, told, wake
from kizuna.connectors.sms.models import API, SmsSettings
from kizuna.connectors.sms.operations.send import post
from kizuna.connectors.sms.queries import configuration
from kizuna.customers.people.rules import phone_key
from kizuna.errors import Invalid
from kizuna.facts.audit.operations import record
from kizuna.gates.seal import seal
from kizuna.words import Words


class NotAPhone(Invalid):
    """The text is no number of a mobile telephone."""

    code = "not_a_phone"

    def __init__(self) -> None:
        super().__init__(
            Words(ja="携帯電話の番号を入力してください。", en="Please enter the number of a mobile telephone.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsChange:
    """The settings as the form gives them. A token of None stays as it is; an empty one is removed."""

    account_sid: str = ""
    auth_token: str | None = field(default=None, repr=False)
    sender: str = ""
    api_url: str = API


@transaction.atomic
def save_settings(*, change: SmsChange, actor: str, now: datetime) -> None:
    """Keep the settings; the audit log tells what changed, not what the token is."""
    row = SmsSettings.objects.filter(pk=1).first() or SmsSettings(pk=1)
    plain = ("account_sid", "sender", "api_url")
    changed = [name for name in plain if getattr(row, name) != getattr(change, name)]
    for name in plain:
        setattr(row, name, getattr(change, name))
    if change.auth_token is not None:
        row.auth_token_sealed = seal(text=change.auth_token.strip())
        changed.append("auth_token")
    row.save()
    wake(channel="sms", changed=bool(changed))
    record(actor=actor, action="sms.settings", target="channel:sms", detail={"changed": changed}, now=now)


def send_test(*, to: str, now: datetime) -> Words:
    """Send a test message to one telephone; answers what happened.

    Raises: TestFailed, NotAPhone, SealBroken.
    """
    phone = phone_key(text=to)
    if not phone.is_mobile:
        raise NotAPhone
    found = configuration()
    if not found.complete:
        raise TestFailed(
            Words(
                ja="アカウント、トークン、送信元がそろっていません。上の欄に入力して保存してから、もう一度お試しください。",
                en="Account, token or sender is still missing. Enter them above, save, and try again.",
            )
        )
    text = Words(ja="Kizuna からのテストメッセージです。", en="This is a test message from Kizuna.")
    verdict = post(found=found, to=phone.key, text=str(text), name="")
    return told(
        channel="sms",
        verdict=verdict,
        taken=Words(
            ja="SMS サービスが受け付けました。届いているか確認してください。",
            en="The SMS service took it. Please see whether it arrives.",
        ),
        declined=Words(
            ja="SMS サービスに断られました（{why}）。", en="The SMS service refused the test message ({why})."
        ),
    )
