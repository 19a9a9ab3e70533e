"""The states of a message, and which may follow which."""

from kizuna.errors import Conflict, NotFound
from kizuna.words import Words

STATES: dict[str, Words] = {
    "planned": Words(ja="配信予定", en="Planned"),
    "attempting": Words(ja="送信中", en="Sending"),
    "uncertain": Words(ja="要確認", en="Needs checking"),
    "sent": Words(ja="送信済み", en="Sent"),
    "delivered": Words(ja="到達", en="Delivered"),
    "opened": Words(ja="開封", en="Opened"),
    "answered": Words(ja="回答あり", en="Answered"),
    "bounced": Words(ja="不達", en="Bounced"),
    "complained": Words(ja="迷惑報告", en="Complaint"),
    "not_sent": Words(ja="未配信", en="Not sent"),
}

REACHED = ("sent", "delivered", "opened", "answered")
"""How far a message that was accepted has come; later news of an earlier stage changes nothing."""

TRIED = ("attempting", "uncertain", *REACHED, "bounced", "complained")
"""States in which the customer has the message or may have it: these count towards the frequency cap."""


class NoSuchMessage(NotFound):
    """No message has this id."""

    code = "no_such_message"

    def __init__(self, *, message_id: object) -> None:
        super().__init__(Words(ja="この配信は見つかりません。", en="There is no such message."))
        self.message_id = message_id


class MessageNotThere(Conflict):
    """The message is in a state in which this cannot happen to it."""

    code = "message_not_there"

    def __init__(self, *, message_id: int, state: str) -> None:
        super().__init__(
            Words(
                ja="この配信は「{state}」のため、操作できません。",
                en="This message is “{state}”, so this cannot be done.",
            ).fill(state=STATES.get(state, state))
        )
        self.message_id, self.state = message_id, state
