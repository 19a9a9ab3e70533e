import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from kizuna.cli.main import main
from kizuna.stats.arms import effect_cuped, effect_nps, effect_share
from kizuna.stats.estimate import Moments

pytestmark = pytest.mark.django_db


def _file(path: Path, rows: Sequence[tuple[object, ...]], header: str = "群,結果,前", encoding: str = "cp932") -> Path:
    lines = [header, *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def _told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert main(["effect-file", *map(str, arguments), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def _refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["effect-file", *map(str, arguments)]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("control", ["対照", "比較用"])
def test_zeros_and_ones_are_shares(control: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(control, int(n < 40), "") for n in range(200)] + [("手紙", int(n < 90), "") for n in range(200)]
    found = _told(capsys, _file(tmp_path / "a.csv", rows), "--arm", "群", "--outcome", "結果")
    wanted = effect_share(control=Moments(n=200, sum_y=40, sum_yy=40), treated=Moments(n=200, sum_y=90, sum_yy=90))
    effect = found["effect"]
    assert isinstance(effect, dict)
    assert (effect["value"], effect["low"], effect["high"], effect["p"]) == pytest.approx(
        (wanted.value, wanted.low, wanted.high, wanted.p)  # type: ignore[union-attr]
    )
    assert (found["control"], found["verdict"], found["verdict_ja"], found["srm_p"]) == (
        control,
        "works",
        "効果あり",
        1.0,
    )


def test_a_covariate_narrows_a_mean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dice, rows, columns = Random(2), [], {"control": [], "letter": []}  # type: ignore[var-annotated]
    for place in range(600):
        arm, before = ("control", "letter")[place % 2], round(dice.gauss(50, 10), 3)
        after = round(before + dice.gauss(1 if arm == "letter" else 0, 2), 3)
        rows.append((arm, after, before))
        columns[arm].append((after, before))
    path = _file(tmp_path / "b.csv", rows, encoding="utf-8-sig")
    plain = _told(capsys, path, "--arm", "群", "--outcome", "結果")
    adjusted = _told(capsys, path, "--arm", "群", "--outcome", "結果", "--covariate", "前")
    sides = [
        Moments(
            n=len(pairs),
            sum_y=sum(y for y, _ in pairs),
            sum_yy=sum(y * y for y, _ in pairs),
            sum_x=sum(x for _, x in pairs),
            sum_xx=sum(x * x for _, x in pairs),
            sum_xy=sum(x * y for y, x in pairs),
        )
        for pairs in (columns["control"], columns["letter"])
    ]
    wanted = effect_cuped(control=sides[0], treated=sides[1])
    assert adjusted["effect"]["value"] == pytest.approx(wanted.effect.value)  # type: ignore[index, union-attr]
    assert adjusted["effect"]["p"] == pytest.approx(wanted.effect.p, rel=1e-6)  # type: ignore[index, union-attr]
    assert (plain["verdict"], adjusted["verdict"]) == ("unclear", "works")


def test_nps_is_asked_for_and_its_scale_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("control", n % 11, "") for n in range(110)] + [("sms", 10 - n % 3, "") for n in range(110)]
    path = _file(tmp_path / "c.csv", rows)
    found = _told(capsys, path, "--arm", "群", "--outcome", "結果", "--metric", "nps")
    wanted = effect_nps(control=Moments(n=110, sum_y=-50, sum_yy=90), treated=Moments(n=110, sum_y=74, sum_yy=74))
    assert found["effect"]["value"] == pytest.approx(wanted.value)  # type: ignore[index, union-attr]
    assert found["lift"]["not_enough"]["reason"] == "signed_scale"  # type: ignore[index]
    wrong = _file(tmp_path / "d.csv", [("control", 11, ""), ("sms", 3, "")])
    assert "0～10" in _refused(capsys, wrong, "--arm", "群", "--outcome", "結果", "--metric", "nps")


def test_lost_people_silence_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("control", int(n < 100), "") for n in range(1000)] + [("letter", int(n < 300), "") for n in range(1200)]
    path = _file(tmp_path / "e.csv", rows)
    found = _told(capsys, path, "--arm", "群", "--outcome", "結果")
    assert found["srm_p"] < 0.001  # type: ignore[operator]
    assert found["verdict"] == "unclear"
    told = _told(capsys, path, "--arm", "群", "--outcome", "結果", "--shares", "control=1000,letter=1200")
    assert told["verdict"] == "works"
    ten = [("control", n % 2, "") for n in range(100)] + [("letter", n % 2, "") for n in range(900)]
    even = _told(capsys, _file(tmp_path / "f.csv", ten), "--arm", "群", "--outcome", "結果")
    assert even["srm_shares"] == {"control": 0.1, "letter": 0.9}


def test_what_cannot_be_read_is_said_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path / "g.csv", [("control", 1, ""), ("letter", "多い", "")])
    told = _refused(capsys, path, "--arm", "群", "--outcome", "結果")
    assert "3行目" in told
    assert "line 3" in told
    assert "列名: 群, 結果, 前" in _refused(capsys, path, "--arm", "arm", "--outcome", "結果")
    alone = _file(tmp_path / "h.csv", [("control", 1, ""), ("control", 0, "")])
    assert "2つ以上" in _refused(capsys, alone, "--arm", "群", "--outcome", "結果")
    both = _file(tmp_path / "i.csv", [("control", 1, ""), ("対照", 0, "")])
    assert "--control" in _refused(capsys, both, "--arm", "群", "--outcome", "結果")
    assert "「x」" in _refused(capsys, both, "--arm", "群", "--outcome", "結果", "--control", "x")


def test_nobody_drew_lots_so_it_is_no_effect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("control", int(n < 40), "") for n in range(200)] + [("x", int(n < 90), "") for n in range(200)]
    found = _told(capsys, _file(tmp_path / "j.csv", rows), "--arm", "群", "--outcome", "結果", "--observed")
    assert (found["grade"], found["verdict"]) == (1, "unclear")
