"""How many could not go on."""

from kizuna.act.practices.models import Enrolment
from kizuna.facts.rows.queries import Part, tally


def stuck_tally() -> Part:
    """Enrolments that wait for a person to put them right, over all practices, as a page's count of «stuck»."""
    return tally(found=Enrolment.objects.filter(state="stuck"), kind="stuck")
