"""Reading metrics: values, changes, cohorts, the vital few, definitions and the SQL behind them."""

from kizuna.understand.metrics.queries.measure import Measured, measure, measure_many
from kizuna.understand.metrics.rules.cut import Ask

__all__ = ["Ask", "Measured", "measure", "measure_many"]
