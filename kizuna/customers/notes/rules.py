"""Pure decisions about notes: their kinds."""

from kizuna.errors import Invalid
from kizuna.words import Words

NOTE_KINDS: dict[str, Words] = {
    "greeting": Words(ja="ごあいさつ・来店", en="Greeting, visit"),
    "till": Words(ja="会計時の会話", en="Talk at the till"),
    "praise": Words(ja="お褒めの言葉", en="Praise"),
    "complaint": Words(ja="ご不満・苦情", en="Complaint"),
    "preference": Words(ja="お好み・ご要望", en="Preference"),
    "other": Words(ja="その他", en="Other"),
}


class NoteNotAccepted(Invalid):
    """The note is empty, too long, or of an unknown kind."""

    code = "note_not_accepted"

    def __init__(self, *, field: str) -> None:
        super().__init__(
            Words(
                ja="メモの{field}を確認してください（本文は1〜5,000文字）。",
                en="Please check the note's {field} (the text has 1 to 5,000 characters).",
            ).fill(field=field)
        )
        self.field = field


def check_note(*, text: str, kind: str) -> str:
    """The text to keep.

    Raises: NoteNotAccepted.
    """
    kept = text.replace("\x00", "").strip()
    if not 0 < len(kept) <= 5_000:
        raise NoteNotAccepted(field="text")
    if kind not in NOTE_KINDS:
        raise NoteNotAccepted(field="kind")
    return kept
