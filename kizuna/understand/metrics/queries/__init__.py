"""Reading metrics: values, changes, cohorts, the vital few, definitions and the SQL behind them."""

from kizuna.understand.metrics.queries.changes import Change, ChangeAsk, changes, changes_many
from kizuna.understand.metrics.queries.cohorts import Cohort, CohortCell, cohorts
from kizuna.understand.metrics.queries.describe import MetricCard, SqlBehind, card, metrics, own_names, sql_of
from kizuna.understand.metrics.queries.engine import forget_answers
from kizuna.understand.metrics.queries.measure import Measured, check, measure, measure_many
from kizuna.understand.metrics.queries.rows import as_json
from kizuna.understand.metrics.queries.vital_few import RfmCell, TopCustomer, VitalFew, top_customers, vital_few
from kizuna.understand.metrics.rules.cut import Ask
from kizuna.understand.metrics.rules.period import Period, last_months

__all__ = [
    "Ask",
    "Change",
    "ChangeAsk",
    "Cohort",
    "CohortCell",
    "Measured",
    "MetricCard",
    "Period",
    "RfmCell",
    "SqlBehind",
    "TopCustomer",
    "VitalFew",
    "as_json",
    "card",
    "check",
    "changes",
    "changes_many",
    "cohorts",
    "forget_answers",
    "last_months",
    "measure",
    "measure_many",
    "metrics",
    "own_names",
    "sql_of",
    "top_customers",
    "vital_few",
]
