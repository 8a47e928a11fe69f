from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns import admin_sign_in, audit, resources
from campaigns.admin_bulk import BulkAdmin, JudgedByAdmin
from campaigns.admin_site import ReadOnly
from campaigns.models import (
    AmbiguousEthnicName,
    AuditEvent,
    Campaign,
    Category,
    Commune,
    EthnicGroup,
    StandardLevel,
    User,
    Village,
    Window,
)
from campaigns.permissions import Role

admin.site.unregister(Group)
__all__ = ["admin_sign_in"]  # registers pages of its own


def _administrator(request: HttpRequest) -> User:
    """The site lets nobody in who is not a User (`OfficeAdminSite.has_permission`)."""
    return cast(User, request.user)


class AccountCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "full_name", "role", "commune")


@admin.register(User)
class AccountAdmin(BulkAdmin, UserAdmin):
    resource_classes = [resources.UserResource]
    add_form = AccountCreationForm
    list_display = ["username", "full_name", "role", "commune", "is_active", "last_login"]
    list_filter = ["role", "is_active", "commune"]
    search_fields = ["username", "full_name"]
    ordering = ["username"]
    filter_horizontal = ["villages"]
    list_select_related = ["commune"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", "full_name", "email", "is_active"]}),
        ("Vai trò và nơi phụ trách", {"fields": ["role", "commune", "villages"]}),
        ("Đăng nhập", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "role", "commune", "usable_password", "password1", "password2"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).exclude(role=Role.SYSTEM)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        event = "account_changed" if change else "account_created"
        audit.record(
            event, by=_administrator(request), target=f"account:{obj.username}", fields=form.changed_data, role=obj.role
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what a person did stays theirs: an account is switched off


class WindowInline(admin.TabularInline):
    model = Window
    extra = 0
    fields = ["register", "step", "first_day", "last_day", "actor", "receivers"]


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "first_day", "is_open", "is_demo"]
    fields = ["code", "name", "issuing_body", "first_day", "places_on", "is_open", "settings"]
    readonly_fields = ["code", "first_day", "places_on"]
    inlines = [WindowInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a campaign is loaded from its plan

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        fields = [*form.changed_data, *("windows" for f in formsets if f.has_changed())]
        audit.record("plan_changed", by=_administrator(request), campaign=form.instance, target="plan", fields=fields)


@admin.register(Commune)
class CommuneAdmin(BulkAdmin):
    resource_classes = [resources.CommuneResource]
    judging_job = "refresh_findings"
    list_display = ["code", "name", "district_code", "valid_from", "valid_to", "successor_code"]
    list_filter = ["district_code"]
    search_fields = ["code", "name"]


@admin.register(Village)
class VillageAdmin(BulkAdmin):
    resource_classes = [resources.VillageResource]
    list_display = ["name", "commune", "walk_order"]
    list_editable = ["walk_order"]
    list_filter = ["commune"]
    list_select_related = ["commune"]
    search_fields = ["name"]


@admin.register(EthnicGroup)
class EthnicGroupAdmin(BulkAdmin):
    resource_classes = [resources.EthnicGroupResource]
    judging_job = "refresh_findings"
    list_display = ["code", "name", "code_2008"]
    search_fields = ["name"]


@admin.register(AmbiguousEthnicName)
class AmbiguousEthnicNameAdmin(JudgedByAdmin):
    list_display = ["name", "default_code", "note"]


@admin.register(Category)
class CategoryAdmin(BulkAdmin):
    resource_classes = [resources.CategoryResource]
    judging_job = "refresh_findings"
    list_display = ["code", "label", "condition", "coefficient", "scheme", "certain"]
    list_filter = ["scheme", "certain"]
    search_fields = ["code", "label"]


@admin.register(StandardLevel)
class StandardLevelAdmin(BulkAdmin):
    resource_classes = [resources.StandardLevelResource]
    judging_job = "refresh_findings"
    list_display = ["effective_from", "amount", "source", "certain"]


@admin.register(AuditEvent)
class AuditAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "username", "via", "event", "target", "commune_code"]
    list_filter = ["event", "via"]
    search_fields = ["username", "target"]
    date_hierarchy = "at"
