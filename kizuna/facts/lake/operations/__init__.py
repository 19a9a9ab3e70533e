"""Fill the lake, keep it tidy."""

from kizuna.facts.lake.operations.files import is_old as is_old
from kizuna.facts.lake.operations.history import write_query as write_query
from kizuna.facts.lake.operations.tidy import compact_due as compact_due
from kizuna.facts.lake.operations.tidy import remove_garbage as remove_garbage
from kizuna.facts.lake.operations.write import write_all as write_all
from kizuna.facts.lake.operations.write import write_due as write_due
