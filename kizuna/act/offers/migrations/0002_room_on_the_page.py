"""A used coupon changes one number in its row. With room on the page PostgreSQL writes the new row beside the old one
and touches none of the table's indexes; on a full page every index gets a new entry."""

from django.db import migrations


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE offers_coupon SET (fillfactor = 70)")
        schema_editor.execute("ALTER TABLE offers_slice SET (fillfactor = 20)")


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]
    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
