"""What the literature claims for each way of serving: shown beside what this company measures, never as its result.

Source: the five articles (S0 to S4) that the product's catalogue of requirements is drawn from; most are surveys of
other companies' customers without a comparison group.
"""

from dataclasses import dataclass

from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim: for which practice, what is said, and in which article."""

    slug: str
    practice: Words
    claim: Words
    source: str

    @property
    def article(self) -> Words:
        """The article as people are told it; the catalogue counts from nought."""
        return Words(ja="記事{n}", en="article {n}").fill(n=int(self.source[1:]) + 1)


CLAIMS: dict[str, Claim] = {
    one.slug: one
    for one in (
        Claim(
            slug="after_service",
            practice=Words(ja="適切なアフターサービス", en="proper after-service"),
            claim=Words(ja="約70%がまた買いたいと答える", en="about 70% intend to buy again"),
            source="S0",
        ),
        Claim(
            slug="friendly_fast",
            practice=Words(ja="親しみやすく素早い対応", en="friendly, fast communication"),
            claim=Words(
                ja="約80%がサービスの質よりスタッフの態度を重視する",
                en="about 80% weigh staff attitude over service quality",
            ),
            source="S0",
        ),
        Claim(
            slug="acting_on_feedback",
            practice=Words(ja="お客様の声への対応", en="acting on feedback"),
            claim=Words(ja="49%がその会社をまた利用すると答える", en="49% would use the company again"),
            source="S0",
        ),
        Claim(
            slug="loyalty_programme",
            practice=Words(ja="ロイヤルティプログラム", en="loyalty programme"),
            claim=Words(ja="購入頻度が約20%増える", en="purchase frequency about +20%"),
            source="S0",
        ),
        Claim(
            slug="excellent_cx",
            practice=Words(ja="優れた顧客体験", en="excellent customer experience"),
            claim=Words(
                ja="再購入が5倍、推奨が4倍になりやすい",
                en="5 times as likely to buy again, 4 times as likely to recommend",
            ),
            source="S1",
        ),
        Claim(
            slug="improving_cx",
            practice=Words(ja="顧客体験の改善", en="improving customer experience"),
            claim=Words(
                ja="売上84%増の報告、支出は平均140%増",
                en="revenue +84% reported; spending +140% on average",
            ),
            source="S1",
        ),
        Claim(
            slug="above_average_cx",
            practice=Words(ja="平均を上回る顧客体験", en="above-average customer experience"),
            claim=Words(ja="業績が73%上回る", en="financial performance +73%"),
            source="S1",
        ),
        Claim(
            slug="cx_plan",
            practice=Words(ja="顧客体験の計画", en="a plan for customer experience"),
            claim=Words(ja="従業員のサービスが20%向上する", en="employees' service +20%"),
            source="S1",
        ),
        Claim(
            slug="personalisation",
            practice=Words(ja="一人ひとりに合わせた接客", en="personalisation"),
            claim=Words(
                ja="獲得費用が50%減り、売上が5～15%、販促効率が10～30%上がる",
                en="acquisition cost −50%, revenue +5–15%, marketing efficiency +10–30%",
            ),
            source="S1",
        ),
        Claim(
            slug="great_cx",
            practice=Words(ja="すばらしい顧客体験", en="great customer experience"),
            claim=Words(ja="86%が高くても買うと答える", en="86% of buyers would pay more"),
            source="S1",
        ),
        Claim(
            slug="customer_service",
            practice=Words(ja="カスタマーサービス", en="customer service"),
            claim=Words(
                ja="約75%がブランドへの信頼に重要だと答える",
                en="about 75% call it important for brand loyalty",
            ),
            source="S1",
        ),
        Claim(
            slug="vital_few",
            practice=Words(ja="上位のお客様を大切にする", en="looking after the vital few"),
            claim=Words(ja="売上の80%は20%のお客様による", en="80% of sales come from 20% of customers"),
            source="S3",
        ),
    )
}
