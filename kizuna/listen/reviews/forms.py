"""Which reviews to show."""

from django import forms

from kizuna.listen.reviews.queries import ReviewFilter


class ReviewFilterForm(forms.Form):
    """Everything is optional; a field that makes no sense is left out rather than refused."""

    site = forms.CharField(required=False, max_length=60)
    store = forms.CharField(required=False, max_length=60)
    product = forms.CharField(required=False, max_length=200)
    stars = forms.IntegerField(required=False, min_value=1, max_value=5)

    def wanted(self, *, stores: frozenset[str] | None) -> ReviewFilter:
        """The filter asked for, inside the asker's stores."""
        self.is_valid()
        given = self.cleaned_data
        stars = given.get("stars")
        return ReviewFilter(
            stores=stores,
            site=str(given.get("site") or ""),
            store=str(given.get("store") or ""),
            product=str(given.get("product") or "").strip(),
            stars=stars if isinstance(stars, int) else None,
        )
