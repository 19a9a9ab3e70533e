"""Bring the unit tables up to date with the lake, make them anew, and prove them right."""

from kizuna.facts.state.operations.advance import advance as advance
from kizuna.facts.state.operations.advance import catch_up as catch_up
from kizuna.facts.state.operations.rebuild import rebuild as rebuild
from kizuna.facts.state.operations.swap import tidy_due as tidy_due
from kizuna.facts.state.operations.verify import Difference as Difference
from kizuna.facts.state.operations.verify import VerifyReport as VerifyReport
from kizuna.facts.state.operations.verify import verify as verify
