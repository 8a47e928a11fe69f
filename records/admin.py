from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from campaigns.admin import RecordedAdmin
from campaigns.permissions import REASON_SESSION_KEY
from records.models import Beneficiary, CategoryAnswer, Child, HeadingMap
from records.resources import BeneficiaryResource, ChildResource


class RegisterAdmin(RecordedAdmin):
    """The registers for bulk work: read, import and export. Single persons are corrected on their own page, so that
    the paper that was seen is asked for."""

    list_display = ["row_code", "system_code", "full_name", "birth_date", "commune", "stage"]
    list_filter = ["stage", "commune"]
    search_fields = ["row_code", "system_code", "match_name"]
    list_select_related = ["commune"]
    ordering = ["pk"]
    show_full_result_count = False
    fields = [
        "row_code", "system_code", "full_name", "birth_date", "sex", "ethnic_group", "commune", "village", "address",
        "father_name", "mother_name", "guardian_name", "stage", "stage_at", "is_new", "is_gone", "created_at",
    ]  # fmt: skip

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return _with_reason(request) or super().changelist_view(request, extra_context)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return _with_reason(request) or super().import_action(request, **kwargs)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        return _with_reason(request) or super().export_action(request)

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_resource_kwargs(request, **kwargs), "user": request.user}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return True

    def get_skip_admin_log(self) -> bool:
        return True  # the audit trail and the change set say more


def _with_reason(request: HttpRequest) -> HttpResponse | None:
    """An administrator who looks at people says why, once a session."""
    if request.session.get(REASON_SESSION_KEY):
        return None
    return redirect(reverse("reason") + "?" + urlencode({"next": request.get_full_path()}))


@admin.register(Child)
class ChildAdmin(RegisterAdmin):
    resource_classes = [ChildResource]


@admin.register(Beneficiary)
class BeneficiaryAdmin(RegisterAdmin):
    resource_classes = [BeneficiaryResource]


class AnsweredAdmin(admin.ModelAdmin):
    readonly_fields = ["by", "at"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.by = request.user
        super().save_model(request, obj, form, change)


@admin.register(HeadingMap)
class HeadingMapAdmin(AnsweredAdmin):
    list_display = ["shown", "register", "field", "by", "at"]
    list_filter = ["register"]


@admin.register(CategoryAnswer)
class CategoryAnswerAdmin(AnsweredAdmin):
    list_display = ["shown", "category_code", "by", "at"]
