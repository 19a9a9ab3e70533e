"""Verbs of all channels: send a slice, hand over, take back, note how a channel is doing."""

from kizuna.connectors.channels.operations.attempts import hand_over, settle_forgotten
from kizuna.connectors.channels.operations.health import in_force, note_failure, note_proven, note_success, wake
from kizuna.connectors.channels.operations.slices import Deliver, send_slice
from kizuna.connectors.channels.operations.trial import TestFailed, told

__all__ = [
    "Deliver",
    "TestFailed",
    "hand_over",
    "in_force",
    "note_failure",
    "note_proven",
    "note_success",
    "send_slice",
    "settle_forgotten",
    "told",
    "wake",
]
