"""How many could not go on."""

from kizuna.act.practices.models import Enrolment


def stuck_count() -> int:
    """Enrolments that wait for a person to put them right, over all practices."""
    return Enrolment.objects.filter(state="stuck").count()
