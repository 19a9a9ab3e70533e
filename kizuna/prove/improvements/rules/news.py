"""What the customers who asked are told, and as what the law takes it."""

from collections.abc import Sequence
from hashlib import blake2b

from kizuna.act.outreach.rules import Body, Purpose
from kizuna.act.outreach.rules.law import sales_phrase
from kizuna.words import Words

LINKED_WORDS = Words(ja="お声をお寄せくださったお客様へのお知らせ", en="News for the customers who asked")
_SUBJECT = Words(ja="いただいたお声をもとに改善いたしました", en="You told us, and we have changed it")
_BEFORE = Words(
    ja="{{顧客.姓}}様\n\nいつもありがとうございます。{{会社.名前}}です。\n"
    "以前お寄せいただいたお声をもとに、次のとおり改善いたしました。\n\n",
    en="Dear {{顧客.姓}},\n\nThis is {{会社.名前}}. You told us what could be better, and we have changed it.\n\n",
)
_AFTER = Words(
    ja="\n\n貴重なご意見をお寄せくださり、誠にありがとうございました。\n"
    "お気づきのことがございましたら、またお聞かせいただけますと幸いです。",
    en="\n\nThank you for taking the time to tell us. If there is anything else, we would be glad to hear it.",
)


def template_of(*, improvement_id: int) -> str:
    """The name of the template the news is kept under."""
    return f"improvement-{improvement_id}"


def message_key(*, improvement_id: int, person_id: int) -> str:
    """The name of one customer's message for ever."""
    return blake2b(f"improvement\x1f{improvement_id}\x1f{person_id}".encode(), digest_size=16).hexdigest()


def suggestion(*, title: str, change: str) -> str:
    """The Japanese news to begin with: what staff wrote for themselves is a start, not yet fit to be sent."""
    return change.strip() or f"{title.strip()}"


def bodies_of(*, news: Words) -> list[Body]:
    """The whole message around the news, by channel and language; one without English goes in Japanese to all."""
    bodies: list[Body] = []
    for language, text in (("ja", news.ja.strip()), ("en", news.en.strip())):
        if not text:
            continue
        before, after = (part.ja if language == "ja" else part.en for part in (_BEFORE, _AFTER))
        subject = _SUBJECT.ja if language == "ja" else _SUBJECT.en
        bodies += [
            Body("mail", language, subject, f"{before}{text}{after}"),
            Body("line", language, "", f"{before}{text}{after}"),
        ]
    return bodies


def purpose_of(*, bodies: Sequence[Body]) -> Purpose:
    """An answer to what was asked is service; one sales phrase makes advertising of it (特定電子メール法)."""
    selling = any(sales_phrase(text=f"{body.subject}\n{body.body}") for body in bodies)
    return "marketing" if selling else "service"
