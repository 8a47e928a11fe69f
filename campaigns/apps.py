from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Đợt làm sạch"
    default_auto_field = "django.db.models.BigAutoField"
