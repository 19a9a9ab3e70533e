"""Why a message waits or is not sent: stable names, and sentences a person can read."""

from collections.abc import Sequence

from kizuna.words import Words

REASONS: dict[str, Words] = {
    # ── the gate: for now ──
    "quiet_hours": Words(ja="夜間・早朝（または休日）のため、時間まで待っています。", en="Waiting: quiet hours."),
    "cap": Words(
        ja="配信回数の上限に達しているため、間隔が空くまで待っています。",
        en="Waiting: this customer has had as many messages as the limit allows.",
    ),
    "practices_cap": Words(
        ja="24時間以内に接客方法からの配信が2件あったため、間隔が空くまで待っています。",
        en="Waiting: this customer has had two messages of practices within 24 hours.",
    ),
    "priority": Words(
        ja="優先度の高い配信が先にあるため、待っています。", en="Waiting: a message of higher priority goes first."
    ),
    "sender_missing": Words(
        ja="広告の送信者名と住所が未設定のため、待っています。配信の設定で入力してください。",
        en="Waiting: advertising needs the sender's name and postal address. Enter them in the messaging settings.",
    ),
    "unpublished": Words(
        ja="文面が公開されていないため、待っています。", en="Waiting: the template has not been published."
    ),
    "paused": Words(ja="接客方法が一時停止中のため、再開まで待っています。", en="Waiting: its practice is paused."),
    "retry": Words(ja="送信先が混み合っているため、時間を置いて送り直します。", en="Waiting to try again."),
    "shifted": Words(
        ja="送る時刻を過ぎたため、次の日の同じ時刻に送ります。",
        en="Its hour had passed, so it goes at the same hour of the next day.",
    ),
    # ── the gate: for good ──
    "erased": Words(ja="消去済みの顧客です。", en="The customer was erased."),
    "held_out": Words(
        ja="効果を比べるための対照群（配信しないお客様）です。", en="The customer belongs to the comparison group."
    ),
    "practice_ended": Words(
        ja="接客方法の終了または変更により、取りやめました。", en="Called off: its practice was ended or changed."
    ),
    "refused": Words(ja="お客様が配信を拒否しています。", en="The customer has refused such messages."),
    "no_consent": Words(ja="この経路での配信に同意がありません。", en="There is no consent to this channel."),
    "relay": Words(
        ja="モール発行の転送用アドレスのため、広告やアンケートは送れません。",
        en="The address was lent by a marketplace and takes neither advertising nor surveys.",
    ),
    "no_address": Words(ja="この経路の宛先がわかりません。", en="No address is known for this channel."),
    "unreachable": Words(
        ja="メール・LINE・SMSのいずれにも、届けられる宛先がありません。",
        en="There is no address to reach the customer at, by mail, LINE or SMS.",
    ),
    "suppressed_bounce": Words(
        ja="以前の配信が届かなかった宛先のため、送りません。", en="Earlier messages to this address came back."
    ),
    "suppressed_complaint": Words(
        ja="迷惑メールとして報告されたため、送りません。", en="The customer reported our messages as unwanted."
    ),
    "suppressed_stop": Words(
        ja="お客様が返信で配信停止を申し出た宛先のため、送りません。", en="The customer texted back to stop messages."
    ),
    "order_cancelled": Words(ja="注文がキャンセルされました。", en="The order was cancelled."),
    "order_refunded": Words(ja="注文が返金されました。", en="The order was refunded."),
    "order_gone": Words(ja="注文の記録がなくなりました。", en="The order's record was withdrawn."),
    "order_not_late": Words(
        ja="商品が届いたか、お届けの約束が変わったため、お詫びは送りません。",
        en="The parcel has arrived, or its promise has changed, so there is no delay to apologise for.",
    ),
    "stale": Words(ja="送る時期を過ぎました。", en="It came too late to be of use."),
    "missing_value": Words(
        ja="差し込む内容（クーポンやリンクなど）がありません。",
        en="Something to be filled in (a coupon, a link) is missing.",
    ),
    "no_wording": Words(ja="この経路の文面がありません。", en="The template has no wording for this channel."),
    "too_long": Words(
        ja="差し込んだあとの文面が、この経路で送れる長さを超えています。",
        en="With everything filled in, the text is longer than this channel takes.",
    ),
    "bad_address": Words(ja="宛先の形が正しくありません。", en="The address is malformed."),
    "key_too_old": Words(
        ja="前回の送信から時間がたち、送り直すと二重になるおそれがあります。",
        en="The earlier attempt is so long ago that sending again might make it two.",
    ),
    # ── the provider and people ──
    "provider": Words(ja="送信先のサービスに断られました。", en="The provider refused it."),
    "gave_up": Words(ja="何度送っても受け付けられませんでした。", en="The provider did not take it in many tries."),
    "unknown_result": Words(
        ja="送信の途中で結果がわからなくなりました。二重に送らないよう、確認を待っています。",
        en="The outcome is not known. It waits for a person, so that nobody gets it twice.",
    ),
    "staff": Words(ja="スタッフが取りやめました。", en="Staff called it off."),
    "bounced": Words(ja="宛先に届かず、戻ってきました。", en="It came back."),
    "complained": Words(ja="お客様が迷惑メールとして報告しました。", en="The customer reported it as unwanted."),
}


_CLOSED = ("refused", "suppressed_complaint", "suppressed_bounce", "relay", "no_consent")
"""Why a way is closed, the most telling first; the rest say that there is no such way."""


def telling(*, slugs: Sequence[str]) -> str:
    """Of the reasons why each way is closed, the one a person should hear."""
    for slug in _CLOSED:
        if slug in slugs:
            return slug
    return slugs[0] if len(slugs) == 1 else "unreachable"


def reason_words(*, slug: str) -> Words:
    """The sentence for a reason; one that this version does not know is shown by its name."""
    return REASONS.get(slug) or Words(ja=slug, en=slug)
