"""The closed loop on one screen: which fact makes whom react, and what falls due.

``REACTIONS`` maps a fact to the reactions that run after it has committed, at least once each.
``DUE`` lists the functions a worker calls in turn; each does a bounded slice of the work that is
due at ``now`` and returns how much it did, so a busy feature cannot starve the others.
``CHECKS`` are held against the records once a day, by themselves.
"""

from collections.abc import Callable, Sequence

from kizuna.act.offers import operations as offers
from kizuna.act.offers import queries as offer_queries
from kizuna.act.offers import reactions as offer_reactions
from kizuna.act.outreach import operations as outreach
from kizuna.act.outreach import reactions as outreach_reactions
from kizuna.act.practices import operations as practices
from kizuna.act.practices import queries as practice_queries
from kizuna.act.practices import reactions as practice_reactions
from kizuna.connectors.line import operations as line
from kizuna.connectors.mail import operations as mail
from kizuna.connectors.sms import operations as sms
from kizuna.connectors.tables import operations as tables
from kizuna.facts.catalogue import (
    CouponRedeemed,
    Fact,
    MessageOpened,
    OrderAmended,
    OrderCancelled,
    OrderPlaced,
    ReviewPosted,
    ShipmentDelivered,
    SurveyAnswered,
)
from kizuna.facts.outbox.rules import Violation
from kizuna.prove.trials import operations as trials
from kizuna.understand.metrics import operations as metrics
from kizuna.words import Words

REACTIONS: dict[type[Fact], tuple[Callable[..., None], ...]] = {
    OrderPlaced: (practice_reactions.something_happened,),
    OrderAmended: (practice_reactions.something_happened,),
    OrderCancelled: (offer_reactions.order_cancelled,),
    ShipmentDelivered: (practice_reactions.something_happened,),
    SurveyAnswered: (outreach_reactions.note_answer, practice_reactions.something_happened),
    ReviewPosted: (practice_reactions.something_happened,),
    MessageOpened: (practice_reactions.something_happened,),
    CouponRedeemed: (practice_reactions.something_happened,),
}
DUE: tuple[Callable[..., int], ...] = (
    tables.run_due,
    tables.expire_files,
    offers.release_due,
    offers.reverse_cancelled_due,
    practices.sweep,
    practices.step_due,
    outreach.release_expired,
    outreach.expire_stale,
    mail.send_due,
    mail.read_returns_due,
    line.send_due,
    line.read_events_due,
    sms.send_due,
    metrics.refresh,
    trials.look_due,
)

CHECKS: tuple[Callable[..., Sequence[Violation]], ...] = (
    practice_queries.check_invariants,
    practice_queries.check_reviews,
    offer_queries.violations,
)

PROMISES: dict[str, Words] = {
    "J1": Words(ja="1つのステップで配信されるのは1通まで", en="One message at most for each step"),
    "J2": Words(ja="どのお客様も、どこにいるかがわかる", en="Everybody stands somewhere, and it is known where"),
    "J3": Words(ja="配信停止のあとには何も送らない", en="Nothing is sent after a refusal"),
    "J4": Words(
        ja="配信しない時間帯・回数の上限・比較用のお客様を守る", en="Quiet hours, the cap and the hold-out are kept"
    ),
    "J5": Words(ja="割付は何度計算しても同じ", en="The lot is the same however often it is drawn"),
    "J6": Words(ja="割り付けられた方は必ず始まる", en="Who was assigned to be served is served"),
    "J7": Words(ja="やり直しても同じ結果になる", en="Replaying gives what is on record"),
    "LAW": Words(ja="公開のレビューは点数にかかわらずお願いする", en="Public reviews are asked for whatever the score"),
    "L11": Words(
        ja="クーポンと予算は上限を超えず、二重に数えない",
        en="No coupon or budget is exceeded, and nothing is counted twice",
    ),
}
"""What the status page calls each rule of ``CHECKS``: as the promise it makes."""

STEPS: dict[str, Words] = {
    "write_due": Words(ja="事実の書き出し", en="Writing facts into the lake"),
    "advance": Words(ja="集計の更新", en="Folding facts into the figures"),
    "react_due": Words(ja="事実への反応", en="Reacting to facts"),
    "check_due": Words(ja="約束ごとの確認", en="Checking what must always hold"),
    "tidy": Words(ja="ファイルの整理", en="Tidying files"),
    "tables.run_due": Words(ja="ファイルの取り込み", en="Importing files"),
    "tables.expire_files": Words(ja="期限を過ぎた取り込みファイルの削除", en="Deleting uploaded files past their time"),
    "offers.release_due": Words(ja="期限を過ぎたクーポンの確保の解除", en="Letting go of coupons held too long"),
    "offers.reverse_cancelled_due": Words(
        ja="取り消された注文のクーポンを戻す", en="Giving back coupons of cancelled orders"
    ),
    "practices.sweep": Words(ja="接客方法の対象探し", en="Finding whom practices are for"),
    "practices.step_due": Words(ja="接客方法のステップ", en="Steps of practices"),
    "outreach.release_expired": Words(
        ja="途中で止まった配信の回収", en="Taking back messages whose sending stopped half-way"
    ),
    "mail.send_due": Words(ja="メールの送信", en="Sending mail"),
    "mail.read_returns_due": Words(ja="戻ってきたメールの読み取り", en="Reading returned mail"),
    "line.send_due": Words(ja="LINEの送信", en="Sending by LINE"),
    "line.read_events_due": Words(ja="LINEからの知らせの処理", en="Acting on news from LINE"),
    "sms.send_due": Words(ja="SMSの送信", en="Sending SMS"),
    "outreach.expire_stale": Words(ja="時期を過ぎた配信の整理", en="Noting messages that came too late"),
    "metrics.refresh": Words(ja="指標の更新", en="Updating the metrics"),
    "trials.look_due": Words(ja="接客方法の効果の記録", en="Writing down today's look at each trial"),
}
"""What the status page calls each step of a worker's round; the worker's own come first, then those of ``DUE``."""


def step_name(*, step: Callable[..., int]) -> str:
    """The name of a step of ``DUE``: its feature and its function, wherever inside the feature that stands."""
    room = step.__module__.split(".operations")[0].rpartition(".")[2]
    return f"{room}.{step.__name__}"
