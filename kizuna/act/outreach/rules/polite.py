"""Hints on politeness and readability: a list of rules, no more. They never stop a template."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kizuna.act.outreach.rules.wording import Body
from kizuna.words import Words

SUBJECT_LENGTH = 30
"""A telephone shows about this many full-width characters of a subject."""
SMS_LENGTH = 70
"""Characters of a single SMS in Japanese; a longer one is sent, and paid, in parts."""

_NAME = r"\{\{[ 　]*顧客\.(?:姓|名|氏名)[ 　]*\}\}"
_DOUBLE = {
    "おっしゃられ": "おっしゃる",
    "仰られ": "仰る",
    "ご覧になられ": "ご覧になる",
    "お越しになられ": "お越しになる",
    "お見えになられ": "お見えになる",
    "お帰りになられ": "お帰りになる",
    "お召し上がりになられ": "召し上がる",
    "お求めになられ": "お求めになる",
    "お聞きになられ": "お聞きになる",
    "お使いになられ": "お使いになる",
    "お待ちになられ": "お待ちになる",
    "ご利用になられ": "ご利用になる",
    "ご購入になられ": "ご購入になる",
    "ご注文になられ": "ご注文になる",
    "いらっしゃられ": "いらっしゃる",
    "くださられ": "くださる",
    "伺わせていただ": "伺う",
    "拝見させていただ": "拝見する",
    "拝読させていただ": "拝読する",
    "ご拝見": "拝見",
    "ご拝読": "拝読",
    "ご拝聴": "拝聴",
}
_WORDS = {
    "了解しました": "承知いたしました",
    "了解です": "承知いたしました",
    "ご苦労様": "お疲れさまでございます",
    "ごめんなさい": "申し訳ございません",
    "すみません": "申し訳ございません",
    "すいません": "申し訳ございません",
    "よろしかったでしょうか": "よろしいでしょうか",
    "とんでもありません": "とんでもないことでございます",
    "させて頂き": "いたし",
    "ご注文の方": "ご注文",
    "お名前様": "お名前",
    "各位様": "各位",
    "御中様": "御中",
    "お客さん": "お客様",
    "ユーザー様": "お客様",
}
_CASUAL = re.compile(
    r"(?:[だたるい]よ|だね|[だす]よね|じゃん|てね|ちゃった|ちゃう|っす|しといて|だ|である)(?=[。!！?？\n]|$)"
)
_HALF_KANA = re.compile(r"[\uff61-\uff9f]+")
_MACHINE = re.compile(r"[①-⑳Ⅰ-Ⅻⅰ-ⅻ㈱㈲㈹㍉㌔㌢㍍㌘㌧㌃㌶㍑㍗㌍㌦㌣㌫㍊㌻㎜㎝㎞㎎㎏㏄㎡㍻㍾㍽㍼]")
_SHOUT = re.compile(r"[!！?？]{2,}")
_EMOJI = re.compile(r"[\U0001f300-\U0001faff\u2764]")
_HUMBLE = re.compile(r"[さらわまか]せて(?:いただ|頂)[きくけい]")
_GREETING = re.compile(
    r"いつも|日頃|日ごろ|平素|このたび|この度|先日は|お世話|ありがとうござい|申し訳|お詫び|ございます|でございます"
)
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:\s+[A-Z]{2,}){2,}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One hint; ``excerpt`` is what it is about."""

    slug: str
    words: Words
    where: str = ""
    excerpt: str = ""


def hints(*, bodies: Sequence[Body], purpose: str = "service") -> tuple[Hint, ...]:
    """Hints on every wording, in the order of the wordings."""
    found: list[Hint] = []
    for body in bodies:
        if not body.body.strip():
            continue
        rules = _japanese(body=body, purpose=purpose) if body.language == "ja" else _english(body=body)
        seen: set[tuple[str, str]] = set()
        for slug, words, excerpt in (*rules, *_any(body=body)):
            if (slug, excerpt) not in seen:
                seen.add((slug, excerpt))
                found.append(Hint(slug=slug, words=words, where=f"{body.channel} {body.language}", excerpt=excerpt))
    return tuple(found)


_Found = Iterator[tuple[str, Words, str]]


def _japanese(*, body: Body, purpose: str) -> _Found:
    whole = f"{body.subject}\n{body.body}"
    yield from _names(text=whole)
    yield from _replaceable(text=whole)
    for casual in _CASUAL.finditer(body.body):
        sentence = re.split(r"[。！!？?\n]", body.body[: casual.start()])[-1] + casual.group(0)
        ja = "文末がくだけています。「です・ます」に整えましょう。"
        yield "casual", Words(ja=ja, en="A casual ending; use です・ます."), _shortened(sentence.strip())
    for kana in _HALF_KANA.finditer(whole):
        yield "half_width_kana", Words(ja="半角カナは全角にしましょう。", en="Use full-width kana."), kana.group(0)
    for sign in _MACHINE.finditer(whole):
        ja = "環境によって文字化けする文字です。"
        yield "machine_sign", Words(ja=ja, en="This character is garbled on some systems."), sign.group(0)
    if len(_HUMBLE.findall(body.body)) >= 3:
        ja = "「させていただく」が続いています。「いたします」などに言い換えましょう。"
        yield "humble", Words(ja=ja, en="Too many させていただく; use いたします."), "させていただく"
    opening = "\n".join([line for line in body.body.splitlines() if line.strip()][:5])
    if body.channel == "mail" and not _GREETING.search(opening):
        ja = "書き出しに、あいさつやお礼がありません。"
        yield "greeting", Words(ja=ja, en="It begins without a greeting or thanks."), ""
    if purpose == "service" and (emoji := _EMOJI.search(whole)):
        ja = "事務連絡では絵文字を控えましょう。"
        yield "emoji", Words(ja=ja, en="Leave out emoji in a service message."), emoji.group(0)


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= 24 else f"…{sentence[-23:]}"


def _names(*, text: str) -> _Found:
    for name in re.finditer(_NAME + r"(?P<after>[ 　]*(?:様|さま|さん|の|を|が|[。\n])?)", text):
        after = name["after"].strip(" 　")
        if after == "さん":
            words = Words(ja="「さん」ではなく「様」を付けましょう。", en="Use 様 rather than さん.")
            yield "sama", words, name.group(0).strip()
        elif after not in {"様", "さま"}:
            words = Words(ja="お名前に「様」がありません。", en="The name lacks 様.")
            yield "sama", words, name.group(0).strip()


def _replaceable(*, text: str) -> _Found:
    for wrong, better in _DOUBLE.items():
        if wrong in text:
            words = Words(ja="二重敬語です。「{better}」で十分丁寧です。", en="Doubled honorific; “{better}” will do.")
            yield "double_honorific", words.fill(better=better), wrong
    for wrong, better in _WORDS.items():
        if wrong in text:
            words = Words(ja="「{better}」がより丁寧です。", en="“{better}” is more polite.")
            yield "wording", words.fill(better=better), wrong


def _english(*, body: Body) -> _Found:
    if shouted := _SHOUTED.search(f"{body.subject}\n{body.body}"):
        yield "capitals", Words(ja="大文字が続いています。", en="Words in capitals read as shouting."), shouted.group(0)
    if body.channel == "mail" and not re.match(r"\s*(?:dear|hello|hi|good)\b", body.body, re.IGNORECASE):
        yield "greeting", Words(ja="書き出しのあいさつがありません。", en="It begins without a greeting."), ""


def _any(*, body: Body) -> _Found:
    limit = SUBJECT_LENGTH if body.language == "ja" else 2 * SUBJECT_LENGTH
    if body.channel == "mail" and len(body.subject) > limit:
        words = Words(
            ja="件名が長く、スマートフォンで途中までしか見えません（{n}文字。目安は{limit}文字）。",
            en="A telephone cuts this subject off ({n} characters; aim for {limit}).",
        ).fill(n=len(body.subject), limit=limit)
        yield "long_subject", words, ""
    if body.channel == "sms" and body.language == "ja" and len(body.body) > SMS_LENGTH:
        words = Words(
            ja="70文字を超えるため、{parts}通分の料金になります（{n}文字）。",
            en="Over 70 characters: it is sent and paid as {parts} parts ({n} characters).",
        ).fill(n=len(body.body), parts=-(-len(body.body) // 67))
        yield "long_sms", words, ""
    if shout := _SHOUT.search(f"{body.subject}\n{body.body}"):
        yield "shout", Words(ja="感嘆符・疑問符が続いています。", en="Several exclamation marks."), shout.group(0)
