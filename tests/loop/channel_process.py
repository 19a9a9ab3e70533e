"""What processes of the kill tests do: ``migrate``, ``prepare CHANNEL COUNT JSON``, ``send CHANNEL MINUTES``,
``states``."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from kizuna.act.outreach.operations import release_expired  # noqa: E402
from kizuna.connectors.channels.tests.cast import NOON, make_person, make_templates, plan, states  # noqa: E402
from kizuna.connectors.line import operations as line  # noqa: E402
from kizuna.connectors.line.models import LineSettings  # noqa: E402
from kizuna.connectors.mail import operations as mail  # noqa: E402
from kizuna.connectors.mail.models import MailSettings  # noqa: E402
from kizuna.connectors.sms import operations as sms  # noqa: E402
from kizuna.connectors.sms.models import SmsSettings  # noqa: E402
from kizuna.gates.seal import seal  # noqa: E402

SEND = {"mail": mail.send_due, "line": line.send_due, "sms": sms.send_due}
KEEP = {"mail": MailSettings.objects.create, "line": LineSettings.objects.create, "sms": SmsSettings.objects.create}


def main() -> None:
    verb, *words = sys.argv[1:]
    if verb == "migrate":
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    elif verb == "prepare":
        _prepare(channel=words[0], count=int(words[1]), settings=json.loads(words[2]))
    elif verb == "send":
        now = NOON + timedelta(minutes=int(words[1]))
        release_expired(now=now)
        while SEND[words[0]](now=now):
            pass
    else:
        sys.stdout.write(json.dumps(states()) + "\n")


def _prepare(*, channel: str, count: int, settings: dict[str, object]) -> None:
    sealed = {name: seal(text=str(value)) if name.endswith("_sealed") else value for name, value in settings.items()}
    KEEP[channel](pk=1, **sealed)
    make_templates()
    plan(person=make_person(), channel=channel, count=count)


main()
