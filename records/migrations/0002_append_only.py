"""Changes of values are written once, like audit events."""

from django.db import migrations

CREATE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON records_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("campaigns", "0002_append_only")]
    operations = [migrations.RunSQL(CREATE, "DROP TRIGGER append_only ON records_change;")]
