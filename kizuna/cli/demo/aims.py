"""What the invented company does about what it hears: three improvements and two goals, through their operations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kizuna.cli.demo.company import Plan
from kizuna.clock import JST
from kizuna.customers.staff.models import User
from kizuna.listen.surveys.queries import AnswerFilter, answers
from kizuna.prove.goals.operations import set_goal
from kizuna.prove.goals.queries import goals, start_of
from kizuna.prove.goals.rules import GoalDraft, add_months, first_of
from kizuna.prove.improvements.operations import move, open_improvement
from kizuna.prove.improvements.queries import improvements
from kizuna.prove.improvements.rules import Draft
from kizuna.stats.estimate import Estimate

ACTOR = "kizuna demo"
MONTHS_AHEAD = 6
COMMENTS = 12
NAGOYA_NPS = 8.0
"""What the company wants back of what its fallen store has lost."""
_MANAGER, _NAGOYA = "manager@yunoha.example.jp", "nagoya@yunoha.example.jp"


def open_improvements(*, plan: Plan) -> None:
    """One done in one store only, so that it can be compared; one under way; one not decided yet."""
    if improvements():
        return
    staff = dict(User.objects.values_list("email", "id"))
    end = plan.end.astimezone(UTC)
    till = Draft(
        title="名古屋店のレジを混雑時に2台にする",
        change="土日と平日17時以降は2台目のレジを開けます。お待ちのお客様には、先にひと言お声がけします。",
        owner_id=staff.get(_NAGOYA),
        stores=("nagoya",),
        metric="nps",
        due_on=(end - timedelta(days=40)).astimezone(JST).date(),
    )
    done = _open(draft=till, words="会計", stores=("nagoya",), at=end - timedelta(days=75))
    move(improvement_id=done, state="started", actor=ACTOR, now=end - timedelta(days=60))
    move(
        improvement_id=done,
        state="done",
        note="繁忙時間の応援シフトを組みました。",
        actor=ACTOR,
        now=end - timedelta(days=42),
    )
    kettle = Draft(
        title="急須の注ぎ口の検品を見直す",
        change="注ぎ口の欠けと水切れを全数確認してから出荷します。仕入先にも基準を共有します。",
        owner_id=staff.get(_MANAGER),
        product=plan.truths.troubled_sku,
        metric="low_review_share",
        due_on=(end + timedelta(days=30)).astimezone(JST).date(),
    )
    started = _open(draft=kettle, words="注ぎ口", stores=(), at=end - timedelta(days=20))
    move(improvement_id=started, state="started", actor=ACTOR, now=end - timedelta(days=12))
    late = Draft(
        title="配送が遅れるときは先にご連絡する",
        change="約束の日に届かないと分かった時点で、お詫びと新しいお届け日をお知らせします。",
        owner_id=staff.get(_MANAGER),
        touchpoint="delivery",
        metric="nps",
        due_on=(end + timedelta(days=60)).astimezone(JST).date(),
    )
    _open(draft=late, words="遅", stores=(), at=end - timedelta(days=5))


def _open(*, draft: Draft, words: str, stores: tuple[str, ...], at: datetime) -> int:
    """The newest unhappy comments before that day that hold the words."""
    wanted = AnswerFilter(
        stores=frozenset(stores) if stores else None,
        touchpoint=draft.touchpoint,
        words=words,
        commented=True,
        day_to=at.astimezone(JST).date(),
    )
    found = answers(wanted=wanted, page_size=COMMENTS, count_limit=COMMENTS).answers
    return open_improvement(draft=draft, answer_ids=[one.answer_id for one in found], actor=ACTOR, now=at)


def set_goals(*, now: datetime) -> None:
    """One for the fallen store, one the company is to reach together; both start from what is measured now."""
    if goals():
        return
    staff = dict(User.objects.values_list("email", "id"))
    due = add_months(month=first_of(day=now.astimezone(JST).date()), count=MONTHS_AHEAD)
    store = GoalDraft(
        title="名古屋店を、また来たいと言われる店に戻す",
        level="store",
        metric="nps",
        target=0.0,
        due_month=due,
        owner_id=staff.get(_NAGOYA),
        store="nagoya",
        why="ベテランの異動のあと、接客への声が厳しくなっています。レジの待ち時間とお声がけから立て直します。",
    )
    company = GoalDraft(
        title="2回目のご購入につながる最初の90日をつくる",
        level="company",
        metric="f2_conversion",
        target=0.0,
        due_month=due,
        owner_id=staff.get(_MANAGER),
        why="初回のお届けのあとに何をお伝えするかで、2回目が決まります。お届け後のお礼を続け、配送の遅れを減らします。",
    )
    for draft, further in ((store, NAGOYA_NPS), (company, 0.06)):
        start = start_of(draft=draft, now=now)
        if isinstance(start, Estimate):
            target = round(start.value + further, 0 if draft.metric == "nps" else 2)
            set_goal(draft=replace(draft, target=target), actor=ACTOR, now=now)
