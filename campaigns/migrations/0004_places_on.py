import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_job_starts")]
    operations = [
        migrations.AddField(
            model_name="campaign",
            name="places_on",
            field=models.DateField(
                default=datetime.date(2023, 9, 30), help_text="Xã, huyện lấy như ngày này.", verbose_name="đơn vị hành chính theo ngày"
            ),
            preserve_default=False,
        ),
    ]
