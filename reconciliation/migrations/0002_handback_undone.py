from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reconciliation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="handback",
            name="undone_at",
            field=models.DateTimeField(null=True, verbose_name="hoàn tác lúc"),
        ),
        migrations.AddField(
            model_name="handback",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người hoàn tác",
            ),
        ),
    ]
