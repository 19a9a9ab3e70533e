"""Public reviews, each with the versions it had before."""

from django.db import models


class ReviewContent(models.Model):
    """What a review says. A review has one present content and keeps those it had before."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    rating = models.FloatField()
    """On 1–5, whatever the site's own scale."""
    posted_at = models.DateTimeField()
    title = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    store = models.CharField(max_length=60, blank=True)
    product = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=32, blank=True)
    import_id = models.BigIntegerField(null=True, db_index=True)
    """Which import wrote this content."""

    class Meta:
        abstract = True


class Review(ReviewContent):
    """One review on a public site or our own shop.

    Personal data: title, comment, our reply, and whose it is when known. Basis: published by its author;
    legitimate interest in the quality of service. Erased by: ``reviews.operations.erase_people``.
    """

    site = models.CharField(max_length=60)
    external_id = models.CharField(max_length=300)
    revision = models.IntegerField(default=0)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "external_id"], name="review_once_per_site")]
        indexes = [models.Index(fields=["posted_at"], name="review_posted")]

    def __str__(self) -> str:
        return f"review {self.pk}"


class SupersededReview(ReviewContent):
    """What a review said before it was amended; undoing the amending import restores it.

    Personal data: the earlier title, comment and reply. Basis: legitimate interest (imports can be
    undone). Erased by: ``reviews.operations.erase_people``, and with its review.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    revision = models.IntegerField()
    """The revision the review had while this was its content."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "revision"], name="superseded_review_once_per_revision")
        ]

    def __str__(self) -> str:
        return f"review {self.review_id} revision {self.revision}"
