"""Everything that changes reviews."""

from kizuna.listen.reviews.operations.erase import erase_people
from kizuna.listen.reviews.operations.record import record_reviews
from kizuna.listen.reviews.operations.undo import undo_import

__all__ = ["erase_people", "record_reviews", "undo_import"]
