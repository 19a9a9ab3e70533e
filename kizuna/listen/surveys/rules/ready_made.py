"""The surveys every new company starts with: NPS, satisfaction, ease."""

from dataclasses import dataclass

from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadySurvey:
    """The texts of one ready-made survey."""

    slug: str
    instrument: str
    touchpoint: str
    name: Words
    question: Words
    why: Words
    thanks: Words


_THANKS = Words(
    ja="お寄せいただいたお声は、サービスの改善に役立ててまいります。",
    en="What you told us helps us serve you better.",
)

READY_MADE: tuple[ReadySurvey, ...] = (
    ReadySurvey(
        slug="nps",
        instrument="nps",
        touchpoint="repeat",
        name=Words(ja="お勧め度アンケート（NPS）", en="Would you recommend us? (NPS)"),
        question=Words(
            ja="当店を、親しいご友人やご家族にどの程度お勧めしたいと思いますか。",
            en="How likely are you to recommend us to a friend or family member?",
        ),
        why=Words(
            ja="その点数をお選びになった理由を、よろしければお聞かせください。",
            en="What is the main reason for your score?",
        ),
        thanks=_THANKS,
    ),
    ReadySurvey(
        slug="csat",
        instrument="csat5",
        touchpoint="purchase",
        name=Words(ja="お買い物の満足度アンケート（CSAT）", en="Satisfaction with your purchase (CSAT)"),
        question=Words(
            ja="今回のお買い物に、どの程度ご満足いただけましたか。", en="How satisfied are you with your purchase?"
        ),
        why=Words(
            ja="良かった点、改善してほしい点を、よろしければお聞かせください。",
            en="What did we do well, and what could we do better?",
        ),
        thanks=_THANKS,
    ),
    ReadySurvey(
        slug="ces",
        instrument="ces7",
        touchpoint="support",
        name=Words(ja="お問い合わせ後のアンケート（CES）", en="How easy was it? (CES)"),
        question=Words(
            ja="「お問い合わせの用件を、手間なく解決できた」と思いますか。",
            en="How far do you agree: “It was easy to get my question resolved”?",
        ),
        why=Words(
            ja="手間がかかった点や、助かった点があれば、お聞かせください。",
            en="What made it easy or difficult?",
        ),
        thanks=_THANKS,
    ),
)
