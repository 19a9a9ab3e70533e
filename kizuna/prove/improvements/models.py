"""What customers asked for and what became of it; the words themselves stay with their answers and reviews."""

from django.db import models
from django.db.models import Q

from kizuna.prove.improvements.rules import STATES


class Improvement(models.Model):
    """Something that will change because customers said so. ``news_*`` is what those who asked are told.

    Personal data: which member of staff sees to it. Basis: employment. Erased by: deleting the user.
    """

    title = models.CharField(max_length=120)
    change = models.TextField(blank=True)
    owner = models.ForeignKey("staff.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    product = models.CharField(max_length=200, blank=True)
    touchpoint = models.CharField(max_length=60, blank=True)
    metric = models.CharField(max_length=90, blank=True)
    """The one metric it should move, named beforehand: of twenty looked at afterwards one always moves."""
    state = models.CharField(max_length=9, choices=[(state, state) for state in STATES], default="candidate")
    done_on = models.DateField(null=True, blank=True)
    """Since when customers find it so."""
    news_ja = models.TextField(blank=True)
    news_en = models.TextField(blank=True)
    revision = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="improvement_done_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ImprovementStore(models.Model):
    """A store in which it is done; an improvement without any is done everywhere.

    Personal data: none.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="+", db_index=False)
    store = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["improvement", "store"], name="improvement_store_once")]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.store}"


class ImprovementMove(models.Model):
    """A change of state, kept so that it can be taken back.

    Personal data: which member of staff moved it. Basis: employment. Erased by: kept as the record of work.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="+")
    state_from = models.CharField(max_length=9)
    state_to = models.CharField(max_length=9)
    done_on_before = models.DateField(null=True)
    note = models.CharField(max_length=400, blank=True)
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.state_from} → {self.state_to}"


class ImprovementVoice(models.Model):
    """A comment that asked for it, by the number of its answer or review. Not foreign keys: undoing an import of
    answers must not be held up by this.

    Personal data: none of its own; it points to a comment. Basis: legitimate interest in the quality of service.
    Erased by: ``surveys`` and ``reviews``, which empty the comment and part it from its customer's name.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="+", db_index=False)
    answer_id = models.BigIntegerField(null=True, db_index=True)
    review_id = models.BigIntegerField(null=True, db_index=True)
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["improvement", "answer_id"],
                condition=Q(answer_id__isnull=False),
                name="improvement_answer_once",
            ),
            models.UniqueConstraint(
                fields=["improvement", "review_id"],
                condition=Q(review_id__isnull=False),
                name="improvement_review_once",
            ),
            models.CheckConstraint(
                condition=Q(answer_id__isnull=False, review_id__isnull=True)
                | Q(answer_id__isnull=True, review_id__isnull=False),
                name="improvement_voice_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.answer_id or self.review_id}"


class ImprovementNotice(models.Model):
    """A customer who asked and for whom the news was planned: nobody is told twice, whatever is merged later.

    Personal data: that this customer was to be told. Basis: legitimate interest (answering what was asked for).
    Erased by: ``improvements.operations.erase_people``.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["improvement", "person"], name="improvement_told_once")]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.person_id}"
