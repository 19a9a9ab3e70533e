"""What the law says about a wording, asked when a template is published. Have counsel confirm it.

特定電子メール法 (mail and SMS): advertising names its sender and postal address and offers a way out, and a
sales phrase inside an order mail makes all of it advertising. 景品表示法 (ステマ規制): a request for a review may not
ask for a good one, and a reward for a review has to be disclosed and may not depend on the score.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kizuna.act.outreach.rules.wording import UNSUBSCRIBE, Body, SenderLines
from kizuna.errors import Invalid
from kizuna.words import Words

_SALES = re.compile(
    r"セール|バーゲン|特価|割引|値引|[0-9]+ *(?:%|パーセント) *(?:off|オフ|引)|半額|お買い?得|クーポン|キャンペーン"
    r"|ポイント *[0-9]+ *倍|[0-9]+ *倍ポイント|タイムセール|福袋|新商品|新作|新発売|先行販売|おすすめ商品|オススメ"
    r"|期間限定|数量限定|限定価格|送料無料|今だけ|プレゼント中|ご購入はこちら|お買い物はこちら|お申し込みはこちら"
    r"|\bsale\b|\bdiscount|\bcoupon|\bpromo|\bspecial offer|\bfree shipping|\bnew arrivals?\b|\bshop now\b|\bbuy now\b",
    re.IGNORECASE,
)
_REVIEW = re.compile(r"レビュー|口コミ|クチコミ|くちコミ|(?:評価|感想)を?(?:ご)?投稿|\breviews?\b", re.IGNORECASE)
_THANKS_FOR_REVIEW = re.compile(
    r"(?:レビュー|口コミ|クチコミ|くちコミ)[^。\n]{0,30}?(?:いただき|頂き|くださり|くださって|下さり|下さって)"
    r"[^。\n]{0,12}?(?:ありがとう|感謝|御礼|お礼)|\bthank(?:s| you)\b[^.\n]{0,40}?\breviews?\b",
    re.IGNORECASE,
)
"""Who has written one is thanked for it: that asks for nothing."""
_REWARD = re.compile(
    r"特典|クーポン|ポイント|プレゼント|進呈|割引|謝礼|粗品|キャッシュバック|抽選|\bcoupon|\breward|\bgift|\bdiscount",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"(?:★|☆|星) *[45五四]|[45五四] *(?:つ星|点以上|以上の評価)|★{4,5}|高評価|良い評価|よい評価|最高評価"
    r"|良い(?:レビュー|口コミ)|(?:ご満足|満足)(?:いただけ(?:まし)?た|された)(?:方|お客様)(?:のみ|だけ)"
    r"|\b(?:5|five)[- ]?stars?\b|\bgood reviews?\b|\bpositive reviews?\b|\bhigh rating",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s{}「」（）()]*", re.IGNORECASE)
_DISCLOSED = re.compile(
    r"(?:評価|内容|点数)(?:の内容)?に(?:かかわらず|関わらず|かかわりなく|関係なく)|(?:regardless|whatever)[^.]{0,20}(?:rating|score)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the law check found: ``stop`` keeps the template from being published, ``note`` only informs."""

    level: Literal["stop", "note"]
    slug: str
    words: Words
    where: str = ""
    """Channel and language, e.g. «mail ja»; empty for the template as a whole."""
    excerpt: str = ""


class AgainstTheLaw(Invalid):
    """The wording may not be published as it is; ``findings`` say why."""

    code = "template_against_the_law"

    def __init__(self, *, findings: Sequence[Finding]) -> None:
        stops = [one for one in findings if one.level == "stop"]
        super().__init__(Words(ja="".join(one.words.ja for one in stops), en=" ".join(one.words.en for one in stops)))
        self.findings = tuple(findings)


def sales_phrase(*, text: str) -> str:
    """The first sales phrase in a text, empty without one. Full-width forms count alike."""
    found = _SALES.search(unicodedata.normalize("NFKC", text))
    return found.group(0) if found else ""


def asks_for_review(*, bodies: Sequence[Body]) -> bool:
    """Whether a template asks for a public review: a practice must then ask happy and unhappy customers alike."""
    texts = (unicodedata.normalize("NFKC", f"{body.subject}\n{body.body}") for body in bodies)
    return any(_REVIEW.search(_THANKS_FOR_REVIEW.sub("", text)) for text in texts)


def check_law(*, purpose: str, bodies: Sequence[Body], sender: SenderLines) -> tuple[Finding, ...]:
    """Everything the law check has to say about a wording, what stops it first."""
    found = [*_whole(purpose=purpose, bodies=bodies, sender=sender)]
    for body in bodies:
        found += _sales(purpose=purpose, body=body)
        found += _links(purpose=purpose, body=body)
        found += _reviews(body=body)
    return tuple(sorted(found, key=lambda one: one.level != "stop"))


def _whole(*, purpose: str, bodies: Sequence[Body], sender: SenderLines) -> Iterator[Finding]:
    regulated = [body for body in bodies if body.channel in {"mail", "sms"}]
    if purpose != "marketing" or not regulated:
        return
    if not sender.complete:
        yield Finding(
            level="stop",
            slug="sender_missing",
            words=Words(
                ja="広告には送信者の名前と住所の表示が必要です（特定電子メール法）。「配信の設定」で入力してください。",
                en=(
                    "Advertising must name its sender and postal address (Act on Regulation of Transmission of"
                    " Specified Electronic Mail). Enter them in the messaging settings."
                ),
            ),
        )
        return
    linked = all(f"{{{{{UNSUBSCRIBE}}}}}" in body.body.replace(" ", "") for body in regulated)
    ja = "送信者の名前・住所" if linked else "送信者の名前・住所と配信停止のリンク"
    en = "the sender's name and address" if linked else "the sender's name and address and an unsubscribe link"
    yield Finding(
        level="note",
        slug="footer",
        words=Words(ja=f"本文の最後に、{ja}が自動で付きます。", en=f"Below the text, {en} are added."),
    )


def _sales(*, purpose: str, body: Body) -> Iterator[Finding]:
    phrase = sales_phrase(text=f"{body.subject}\n{body.body}")
    if purpose == "marketing" or not phrase or body.channel == "line":
        return
    yield Finding(
        level="stop",
        slug="sales_in_service",
        where=f"{body.channel} {body.language}",
        excerpt=phrase,
        words=Words(
            ja="「{phrase}」という宣伝の言葉があるため、全体が広告メールになります（特定電子メール法）。"
            "宣伝を外すか、目的を「広告・宣伝」に変えてください。",
            en="“{phrase}” is a sales phrase and makes the whole message advertising. Take it out, or change the"
            " purpose to marketing.",
        ).fill(phrase=phrase.replace("{", "{{").replace("}", "}}")),
    )


def _links(*, purpose: str, body: Body) -> Iterator[Finding]:
    """A question leads to its answer and nowhere else: it goes to people who never agreed to advertising."""
    link = _LINK.search(unicodedata.normalize("NFKC", f"{body.subject}\n{body.body}"))
    if purpose != "survey" or link is None or body.channel == "line":
        return
    yield Finding(
        level="stop",
        slug="link_in_survey",
        where=f"{body.channel} {body.language}",
        excerpt=link.group(0),
        words=Words(
            ja="アンケートには、回答ページ以外へのリンク（{link}）を入れられません。お店やページへの案内は広告に当たります"
            "（特定電子メール法）。リンクを外すか、目的を「広告・宣伝」に変えてください。",
            en="A survey may link to nothing but its answers ({link}): a link to the shop is advertising. Take it out,"
            " or change the purpose to marketing.",
        ).fill(link=link.group(0)),
    )


def _reviews(*, body: Body) -> Iterator[Finding]:
    text = unicodedata.normalize("NFKC", f"{body.subject}\n{body.body}")
    if not _REVIEW.search(text):
        return
    where = f"{body.channel} {body.language}"
    score = _SCORE.search(text)
    if score:
        yield Finding(
            level="stop",
            slug="review_score",
            where=where,
            excerpt=score.group(0),
            words=Words(
                ja="良い評価を求めたり、満足した方だけにレビューを頼んだりすることはできません（ステマ規制）。",
                en="A request for a review may not ask for a good score, nor only happy customers.",
            ),
        )
    reward = _REWARD.search(text)
    if reward and not _DISCLOSED.search(text):
        yield Finding(
            level="stop",
            slug="review_reward",
            where=where,
            excerpt=reward.group(0),
            words=Words(
                ja="レビューに特典を付けるときは「評価の内容にかかわらず」進呈することと、特典を受けたことをレビューに"
                "書いていただくことを明記してください（ステマ規制）。",
                en="A reward for a review must be given “regardless of the rating”, and the message must ask that the"
                " review says so.",
            ),
        )
    elif reward:
        yield Finding(
            level="note",
            slug="review_disclose",
            where=where,
            words=Words(
                ja="特典を受けたことをレビューに書いていただくよう、お願いする文も入れてください。",
                en="Also ask that the review says that a reward was received.",
            ),
        )
