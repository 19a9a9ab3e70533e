"""What practices are called."""

from kizuna.act.practices.models import Practice
from kizuna.words import Words


def practice_titles() -> dict[str, Words]:
    """Titles to print, by name, for pages that know a practice by its name only."""
    rows = Practice.objects.values_list("name", "title_ja", "title_en")
    return {name: Words(ja=ja, en=en or ja) for name, ja, en in rows}
