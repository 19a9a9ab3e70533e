import pytest

from kizuna.stats.estimate import NotEnough
from kizuna.stats.srm import SampleRatio, binomial_two_sided_p, response_by_arm, sample_ratio


def ratio(counts: list[int], shares: list[float]) -> SampleRatio:
    found = sample_ratio(counts=counts, shares=shares)
    assert isinstance(found, SampleRatio)
    return found


def response(answered: list[int], asked: list[int]) -> SampleRatio:
    found = response_by_arm(answered=answered, asked=asked)
    assert isinstance(found, SampleRatio)
    return found


def test_the_textbook_mismatch() -> None:
    # 821,588 and 815,482 of a 50:50 split: p = 1.8e-6 (Kohavi, Tang & Xu, Trustworthy Online Controlled Experiments)
    found = ratio([821_588, 815_482], [0.5, 0.5])
    assert found.p == pytest.approx(1.8e-6, rel=0.05)
    assert found.alert


def test_a_healthy_split_raises_nothing() -> None:
    found = ratio([102, 897, 1_001], [1, 9, 10])
    assert found.df == 2
    assert found.method == "chi2"
    assert not found.alert


def test_few_people_are_tested_exactly() -> None:
    # R: binom.test(682, 925, p = .75) → .3825; binom.test(0, 40, p = .1) → .0307 (0.9^40 = .0148 and the far tail)
    assert binomial_two_sided_p(k=682, n=925, share=0.75) == pytest.approx(0.3825, abs=5e-5)
    found = ratio([0, 40], [0.1, 0.9])
    assert found.method == "exact"
    assert found.p == pytest.approx(0.9**40 + sum_of_far_tail(), rel=1e-9)


def sum_of_far_tail() -> float:
    chances = [1.0]
    for k in range(40):
        chances.append(chances[-1] * (40 - k) / (k + 1) / 9.0)
    chances = [chance * 0.9**40 for chance in chances]
    return sum(chance for chance in chances[1:] if chance <= chances[0])


def test_several_small_arms_never_look_better_than_the_worst_of_them() -> None:
    found = ratio([0, 1, 40], [1, 1, 8])
    assert found.method == "exact"
    worst = min(binomial_two_sided_p(k=k, n=41, share=s) for k, s in ((0, 0.1), (1, 0.1), (40, 0.8)))
    assert found.p == pytest.approx(3 * worst)


def test_a_response_that_differs_by_arm_is_noticed() -> None:
    found = response([300, 400], [1_000, 1_000])
    # χ² = 2000·(300·600 - 700·400)²/(700·1300·1000·1000)
    assert found.chi2 == pytest.approx(2_000 * (300 * 600 - 700 * 400) ** 2 / (700 * 1_300 * 1e6))
    assert found.alert
    assert not response([300, 310], [1_000, 1_000]).alert


def test_few_responses_are_tested_by_fisher() -> None:
    # Fisher's tea taster: R's fisher.test(matrix(c(3, 1, 1, 3), 2)) → p = .4857
    found = response([3, 1], [4, 4])
    assert found.method == "exact"
    assert found.p == pytest.approx(0.4857, abs=5e-5)


def test_without_people_there_is_nothing_to_test() -> None:
    assert sample_ratio(counts=[0, 0], shares=[1, 1]) == NotEnough(reason="no_data", have=0, need=1)
    assert response_by_arm(answered=[0, 0], asked=[5, 5]) == NotEnough(reason="no_variation", have=10, need=11)
    with pytest.raises(ValueError, match="share"):
        sample_ratio(counts=[1, 2], shares=[0.0, 1.0])
    with pytest.raises(ValueError, match="more often"):
        response_by_arm(answered=[6, 0], asked=[5, 5])
