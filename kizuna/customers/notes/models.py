"""What staff write down about a customer (catalogue row L12)."""

from django.db import models

from kizuna.customers.notes.rules import NOTE_KINDS


class Note(models.Model):
    """A staff note on a person record: a greeting, a talk at the till, praise, a complaint, a preference.

    Personal data: free text about a customer. Basis: legitimate interest in serving the customer.
    Erased by: notes.operations.erase_people.
    """

    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=[(kind, words.ja) for kind, words in NOTE_KINDS.items()])
    store = models.ForeignKey("stores.Store", null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("products.Product", null=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("staff.User", null=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(db_index=True)
    revision = models.IntegerField()


class NoteEdit(models.Model):
    """The earlier wording of a note and who replaced it.

    Personal data: free text about a customer. Basis: as the note. Erased by: notes.operations.erase_people.
    """

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    kind = models.CharField(max_length=12)
    editor = models.ForeignKey("staff.User", null=True, on_delete=models.SET_NULL, related_name="+")
    replaced_at = models.DateTimeField()
