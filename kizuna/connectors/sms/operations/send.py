"""Send what is due by SMS.

The service takes no key that would make a second attempt harmless. So a message is handed over once; when
no answer comes it is looked for in the service's own list, and the status call that carries its name settles it too.
What is found neither way stays parked for a person: nothing is sent twice on a guess.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from hashlib import blake2b
from urllib.parse import quote, urlencode

from django.conf import settings

from kizuna.act.outreach.queries.doubts import Doubt
from kizuna.act.outreach.rules import Sendable
from kizuna.connectors.channels.operations import Deliver, hand_over, in_force, send_slice, settle_forgotten
from kizuna.connectors.channels.rules import Down, Refused, TakenBack, Verdict, silence
from kizuna.connectors.sms.queries import Configuration, configuration
from kizuna.connectors.sms.rules import LONGEST, said_in, verdict_of, with_opt_out
from kizuna.facts.rows.operations import reach
from kizuna.gates.egress import Answer, EgressDenied, Unreachable, fetch
from kizuna.words import Words

LIMIT = 20
HOOK = "/hooks/sms/"
_CLOCKS_DIFFER = timedelta(minutes=5)
_UNREACHABLE = Words(
    ja="SMS サービスに接続できません（{why}）。インターネット接続と「APIのアドレス」を確認してください。",
    en="The SMS service cannot be reached ({why}). Check the internet connection and the address of the interface.",
)


def send_due(*, now: datetime) -> int:
    """Send one slice of what is due by SMS; answers how many messages were dealt with."""
    found = in_force(channel="sms", configuration=configuration, now=now)
    if found is None or not found.complete:
        return 0
    settled = settle_forgotten(channel="sms", find=partial(_find, found=found), now=now)
    provider = partial(_open, found=found, now=now)
    return settled + send_slice(channel="sms", open_provider=provider, limit=LIMIT, now=now)


@contextmanager
def _open(*, found: Configuration, now: datetime) -> Iterator[Deliver]:
    yield partial(_deliver, found=found, now=now)


def _deliver(message: Sendable, *, found: Configuration, now: datetime) -> Verdict:
    text = body_of(message=message)
    if len(text) > LONGEST or not text:
        return Refused(why="too_long", permanent=True)
    name = token_of(key=message.key)
    if not hand_over(channel="sms", message_id=message.message_id, attempt=message.attempt, reference=name, now=now):
        return TakenBack()
    verdict = post(found=found, to=message.address, text=text, name=name)
    reach(label="sms.answered")
    return verdict


def body_of(*, message: Sendable) -> str:
    """The words as they go out."""
    return with_opt_out(
        text=message.text.strip(),
        purpose=message.purpose,
        unsubscribe_url=message.unsubscribe_url,
        language=message.language,
    )


def token_of(*, key: str) -> str:
    """The name of a message in the address of its status calls."""
    return blake2b(key.encode(), digest_size=16, person=b"kizuna.sms").hexdigest()


def post(*, found: Configuration, to: str, text: str, name: str) -> Verdict:
    """Hand one message to the service and say what its answer means."""
    fields = {"To": to, "Body": text}
    fields["MessagingServiceSid" if found.sender.startswith("MG") else "From"] = found.sender
    if name and settings.PUBLIC_URL.startswith("https://"):
        # The service calls back only over the open internet; on a private installation nobody would hear it.
        fields["StatusCallback"] = f"{settings.PUBLIC_URL}{HOOK}?m={name}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = _call(found=found, method="POST", query="", headers=headers, body=urlencode(fields).encode())
    except EgressDenied as denied:
        return Down(words=denied.words)
    except Unreachable as lost:
        return silence(lost=lost, words=_UNREACHABLE)
    return verdict_of(answer=answer)


def _find(doubt: Doubt, *, found: Configuration) -> str | None:
    """Look for a message in the service's list: the same words to the same number since the attempt, exactly once."""
    if doubt.attempted_at is None or not doubt.address:
        return None
    since = doubt.attempted_at - _CLOCKS_DIFFER
    query = urlencode({"To": doubt.address, "DateSent>": f"{since.astimezone(UTC):%Y-%m-%d}", "PageSize": "100"})
    try:
        answer = _call(found=found, method="GET", query=f"?{query}")
    except (EgressDenied, Unreachable):
        return None
    listed = said_in(answer=answer).get("messages")
    ours = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    same = [str(one.get("sid", "")) for one in ours if _is_the_same(one, doubt=doubt, since=since)]
    return same[0] if answer.status == 200 and len(same) == 1 and same[0] else None


def _is_the_same(one: dict[str, object], *, doubt: Doubt, since: datetime) -> bool:
    # What we added to the text (the way out) stands behind it.
    if one.get("to") != doubt.address or not str(one.get("body", "")).startswith(doubt.text.strip()):
        return False
    try:
        return parsedate_to_datetime(str(one.get("date_created", ""))) >= since
    except (ValueError, TypeError):
        return False


def _call(
    *, found: Configuration, method: str, query: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> Answer:
    secret = base64.b64encode(f"{found.account_sid}:{found.auth_token}".encode()).decode()
    url = f"{found.api_url}/2010-04-01/Accounts/{quote(found.account_sid, safe='')}/Messages.json{query}"
    return fetch(method=method, url=url, headers={"Authorization": f"Basic {secret}", **(headers or {})}, body=body)
