from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from campaigns.admin_bulk import BulkAdmin, JudgedByAdmin, ask_reason
from campaigns.admin_site import ReadOnly
from campaigns.current import current_campaign
from records.models import Beneficiary, CategoryAnswer, Child, HeadingMap
from records.resources import BeneficiaryResource, ChildResource


class RegisterAdmin(ReadOnly, BulkAdmin):
    """The registers for bulk work: read, import and export. Single persons are corrected on their own page, so that
    the paper that was seen is asked for."""

    list_display = ["row_code", "system_code", "full_name", "birth_date", "commune", "stage"]
    list_filter = ["stage", "commune"]
    search_fields = ["row_code", "system_code", "match_name"]
    list_select_related = ["commune"]
    ordering = ["pk"]
    show_full_result_count = False
    shows_people = True
    fields = [
        "row_code", "system_code", "full_name", "birth_date", "sex", "ethnic_group", "commune", "village", "address",
        "father_name", "mother_name", "guardian_name", "stage", "stage_at", "is_new", "is_gone", "created_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        """Of the campaign that this session is about."""
        return super().get_queryset(request).filter(campaign=current_campaign(request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return ask_reason(request, self) or super().changelist_view(request, extra_context)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return True


@admin.register(Child)
class ChildAdmin(RegisterAdmin):
    resource_classes = [ChildResource]


@admin.register(Beneficiary)
class BeneficiaryAdmin(RegisterAdmin):
    resource_classes = [BeneficiaryResource]


class AnsweredAdmin(JudgedByAdmin):
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
