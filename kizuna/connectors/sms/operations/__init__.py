"""Verbs of SMS: send what is due, take status calls and texts, keep and try the settings, erase."""

from kizuna.connectors.sms.operations.calls import NotFromProvider, take_call
from kizuna.connectors.sms.operations.erase import erase_people
from kizuna.connectors.sms.operations.send import send_due
from kizuna.connectors.sms.operations.settings import SmsChange, save_settings, send_test

__all__ = [
    "NotFromProvider",
    "SmsChange",
    "erase_people",
    "save_settings",
    "send_due",
    "send_test",
    "take_call",
]
