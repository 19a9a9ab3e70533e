"""What recording one thing out of many came to."""

from typing import Literal

from kizuna.errors import Invalid

Recorded = Literal["created", "amended", "unchanged"]
Outcome = Recorded | Invalid
"""Set-wise ``record_*`` operations answer one outcome per record, in order; a refusal is a value there, not a raise."""
