from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_append_only")]
    operations = [
        migrations.AddField("job", "starts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần bắt đầu")),
    ]
