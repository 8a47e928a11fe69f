from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "reconciliation"
    verbose_name = "Gửi, nhận và báo cáo"
    default_auto_field = "django.db.models.BigAutoField"
