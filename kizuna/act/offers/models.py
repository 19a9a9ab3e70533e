"""Offers, the coupons given to customers, and the ledger of their use."""

from django.db import models


class Offer(models.Model):
    """What the shop gives: a discount, a set price, free shipping, a gift, a draw; its limits; its class in law.

    ``value`` is yen, percent, the price of the set, the worth of the gift or of the highest prize, by ``kind``.

    Personal data: none.
    """

    name = models.SlugField(max_length=60, unique=True)
    title_ja = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    value = models.BigIntegerField()
    max_discount_yen = models.BigIntegerField(null=True, blank=True)
    unit_cost_yen = models.BigIntegerField(null=True, blank=True)
    """What one use costs where it is not the discount itself: gift, shipping, the average prize."""
    min_spend_yen = models.BigIntegerField(default=0)
    items = models.JSONField(default=list, blank=True)
    """A bundle's ``{sku, quantity, price_yen}``: what the set costs when bought one by one."""
    valid_days = models.IntegerField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    total_limit = models.BigIntegerField(null=True, blank=True)
    per_person_limit = models.IntegerField(null=True, blank=True)
    budget_yen = models.BigIntegerField(null=True, blank=True)
    uses_per_coupon = models.IntegerField(default=1)
    code_mode = models.CharField(max_length=16, default="generated")
    code_prefix = models.CharField(max_length=8, unique=True)
    occasion = models.CharField(max_length=16, default="purchase")
    depends_on_score = models.BooleanField(default=False)
    lowest_price_yen = models.BigIntegerField(null=True, blank=True)
    prize_total_yen = models.BigIntegerField(null=True, blank=True)
    planned_sales_yen = models.BigIntegerField(null=True, blank=True)
    reward_class = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default="draft")
    honours_issued = models.BooleanField(default=True)
    """After a stop: whether coupons already in customers' hands are still accepted."""
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """What was decided when somebody wanted to publish an offer, kept for whoever asks later. Never changed.

    Personal data: none (the actor is a number of the staff).
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    allowed = models.BooleanField()
    reward_class = models.CharField(max_length=16)
    reason_ja = models.TextField()
    reason_en = models.TextField()
    cap_yen = models.BigIntegerField(null=True)
    inputs = models.JSONField()
    rule_version = models.CharField(max_length=20)
    actor = models.CharField(max_length=60)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"decision {self.pk} on offer {self.offer_id}"


class Slice(models.Model):
    """A part of an offer's limit and budget. Redeemers take from different slices and so do not wait for each other.

    The database itself refuses a slice that is overdrawn, so the sum can never be. A NULL limit is no limit.

    Personal data: none.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    uses_limit = models.BigIntegerField(null=True)
    uses_taken = models.BigIntegerField(default=0)
    yen_limit = models.BigIntegerField(null=True)
    yen_taken = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="offer_slice_once"),
            models.CheckConstraint(
                condition=models.Q(uses_limit__isnull=True) | models.Q(uses_taken__lte=models.F("uses_limit")),
                name="offer_slice_uses_within_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(yen_limit__isnull=True) | models.Q(yen_taken__lte=models.F("yen_limit")),
                name="offer_slice_yen_within_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(uses_taken__gte=0) & models.Q(yen_taken__gte=0), name="offer_slice_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"slice {self.number} of offer {self.offer_id}"


class PersonUse(models.Model):
    """How often a customer is using an offer that allows only so many uses each.

    Personal data: which offer a customer uses. Basis: contract (the offer's terms). Erased by: nothing to erase, the
    row is a count under the pseudonym.
    """

    # No constraint on the offer: checking it would lock the offer's row for every redemption, and make that row hot.
    offer = models.ForeignKey(Offer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    uses = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "person"], name="offer_use_once_per_person"),
            models.CheckConstraint(condition=models.Q(uses__gte=0), name="offer_use_not_negative"),
        ]

    def __str__(self) -> str:
        return f"uses of offer {self.offer_id} by {self.person_id}"


class Coupon(models.Model):
    """One code. A code of a pool waits without ``issued_at`` until it is given to somebody.

    ``used`` counts live redemptions and held reservations; the database keeps it within ``use_limit``.

    Personal data: to which customer it was given. Basis: contract. Erased by: ``offers.operations.erase_people``
    (coupons not yet used are withdrawn; the pseudonymous row stays for the cost of the offer).
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    # Unique by constraints below: ``unique=True`` would add a second index for LIKE, paid at every use.
    code = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=160, null=True, blank=True)
    """Names the cause; the same cause is given the same coupon for ever."""
    practice = models.CharField(max_length=60, blank=True)
    use_limit = models.IntegerField(default=1)
    used = models.IntegerField(default=0)
    issued_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="coupon_once_per_code"),
            models.UniqueConstraint(fields=["key"], name="coupon_once_per_key"),
            models.CheckConstraint(
                condition=models.Q(used__gte=0) & models.Q(used__lte=models.F("use_limit")), name="coupon_within_limit"
            ),
        ]
        indexes = [
            models.Index(fields=["offer", "id"], condition=models.Q(issued_at=None), name="coupon_in_pool"),
        ]

    def __str__(self) -> str:
        return f"coupon {self.pk}"


class Reservation(models.Model):
    """A coupon held for a checkout that is not paid yet. It takes from the limits as a redemption does.

    Personal data: none but the link to the coupon. Erased by: nothing to erase. Basis: contract.
    """

    key = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="+")
    slice_number = models.IntegerField()
    counted_for = models.BigIntegerField(null=True)
    """The customer in whose ``PersonUse`` it counts."""
    discount_yen = models.BigIntegerField()
    state = models.CharField(max_length=12, default="held")
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="reservation_once_per_key")]
        indexes = [models.Index(fields=["expires_at"], condition=models.Q(state="held"), name="reservation_held")]

    def __str__(self) -> str:
        return f"reservation {self.pk}"


class LedgerEntry(models.Model):
    """A use of a coupon, or its reversal. Rows are only ever added.

    Personal data: which customer used it and for which order. Basis: contract and bookkeeping. Erased by: nothing to
    erase, it holds no name and no text; the person record it points to is emptied.
    """

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="+")
    # No constraint, as for PersonUse; the coupon's own foreign key vouches for it.
    offer = models.ForeignKey(Offer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    practice = models.CharField(max_length=60, blank=True)
    person_id = models.BigIntegerField(null=True)
    counted_for = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    """Not a foreign key: undoing an order import must not take the ledger with it."""
    store = models.CharField(max_length=60, blank=True)
    amount_yen = models.BigIntegerField()
    discount_yen = models.BigIntegerField()
    slice_number = models.IntegerField()
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="ledger_once_per_key"),
            models.UniqueConstraint(
                fields=["reverses"], condition=models.Q(reverses__isnull=False), name="ledger_reversed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["offer", "-recorded_at"], name="ledger_offer_time"),
            models.Index(fields=["order_id"], condition=models.Q(order_id__isnull=False), name="ledger_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def save(self, *, force_insert: bool = False, using: str | None = None, **_: object) -> None:  # type: ignore[override]
        """Add the row; a row that stands is never written again."""
        if not self._state.adding:
            raise TypeError("the ledger is only added to")
        super().save(force_insert=True, using=using)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Refused: a use is taken back by a reversal."""
        raise TypeError("the ledger is only added to")
