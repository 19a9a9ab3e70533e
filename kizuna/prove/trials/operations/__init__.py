"""Writing about trials: the end that was decided, the looks that were taken, the stores that began."""

from kizuna.prove.trials.operations.looks import look_due, take_looks
from kizuna.prove.trials.operations.plan import plan_trial, start_in_stores

__all__ = ["look_due", "plan_trial", "start_in_stores", "take_looks"]
