"""Verbs of LINE: send what is due, read the quota, take webhook events, keep and try the settings, erase."""

from kizuna.connectors.line.operations.erase import erase_people
from kizuna.connectors.line.operations.events import NotFromLine, read_events_due, receive
from kizuna.connectors.line.operations.push import read_quota, send_due
from kizuna.connectors.line.operations.settings import LineChange, save_settings, send_test

__all__ = [
    "LineChange",
    "NotFromLine",
    "erase_people",
    "read_events_due",
    "read_quota",
    "receive",
    "save_settings",
    "send_due",
    "send_test",
]
