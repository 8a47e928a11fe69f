from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Đợt làm sạch"
    default_auto_field = "django.db.models.BigAutoField"


class OfficeAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "campaigns.admin_site.OfficeAdminSite"


class SignInConfig(AxesConfig):
    default = False
    verbose_name = "Đăng nhập"
