"""Pure decisions about notes: their kinds."""

from kizuna.words import Words

NOTE_KINDS: dict[str, Words] = {
    "greeting": Words(ja="ごあいさつ・来店", en="Greeting, visit"),
    "till": Words(ja="会計時の会話", en="Talk at the till"),
    "praise": Words(ja="お褒めの言葉", en="Praise"),
    "complaint": Words(ja="ご不満・苦情", en="Complaint"),
    "preference": Words(ja="お好み・ご要望", en="Preference"),
    "other": Words(ja="その他", en="Other"),
}
