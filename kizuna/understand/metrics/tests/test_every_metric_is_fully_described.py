"""Both languages, a formula, a source, a page that is up to date, and the same definition for another engine."""

from pathlib import Path

import pytest

from kizuna.understand.metrics.operations import write_docs
from kizuna.understand.metrics.queries import sql_of
from kizuna.understand.metrics.rules.compiled import unit_sql
from kizuna.understand.metrics.rules.dims import DIMS, DIMS_OF
from kizuna.understand.metrics.rules.grains import GRAINS
from kizuna.understand.metrics.rules.registry import METRICS, UnknownMetric, find_metric
from kizuna.understand.metrics.rules.units import UNITS
from kizuna.understand.metrics.tests.world import NOW

DOCS = Path(__file__).resolve().parents[4] / "docs" / "metrics"


@pytest.mark.parametrize("name", METRICS)
def test_words_and_source(name: str) -> None:
    metric = METRICS[name]
    for words in (metric.words, metric.definition, metric.formula):
        assert words.ja
        assert words.en
        assert words.ja != words.en or metric.name == "nps"
    assert metric.source
    assert metric.definition.ja.endswith("。")
    assert metric.definition.en.endswith(".")


def test_the_pages_in_docs_are_what_the_definitions_say(tmp_path: Path) -> None:
    write_docs(folder=tmp_path)
    fresh = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in DOCS.iterdir()}
    assert kept == fresh, "run: kizuna docs"


@pytest.mark.parametrize("dialect", ["clickhouse", "bigquery", "trino"])
def test_a_bigger_engine_gets_the_same_definition(dialect: str) -> None:
    for name in METRICS:
        assert "SELECT" in unit_sql(name=name, dialect=dialect)


def test_dimensions_and_roll_ups_exist_in_the_unit_tables() -> None:
    for table, dims in DIMS_OF.items():
        assert set(dims) <= set(UNITS[table])
        assert set(dims) <= set(DIMS)
    for grain in GRAINS.values():
        assert set(grain.dims) <= set(DIMS_OF[grain.table])


def test_an_unknown_name_is_answered_with_the_list() -> None:
    with pytest.raises(UnknownMetric, match=r"no metric «npss».*csat.*own:<name>"):
        find_metric(name="npss")


@pytest.mark.django_db
def test_the_sql_behind_a_number_can_be_read_and_holds_its_filters() -> None:
    shown = sql_of(metric="nps", by=["touchpoint"], where={"store": "O'Hara"}, now=NOW).sql
    assert "'O''Hara'" in shown
    assert '"answers"' in shown
    assert "GROUP BY\n  touchpoint" in shown
    assert "?" not in shown
