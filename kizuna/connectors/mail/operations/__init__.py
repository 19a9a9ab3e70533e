"""Verbs of mail: send what is due, read what came back, keep and try the settings, erase."""

from kizuna.connectors.mail.operations.erase import erase_people
from kizuna.connectors.mail.operations.returns import read_new, read_returns_due, set_aside
from kizuna.connectors.mail.operations.send import send_due
from kizuna.connectors.mail.operations.settings import MailChange, save_settings, send_test

__all__ = [
    "MailChange",
    "erase_people",
    "read_new",
    "read_returns_due",
    "save_settings",
    "send_due",
    "send_test",
    "set_aside",
]
