"""Bulk import and export as the administrator's pages offer them; the steps are in `bulk.py`."""

from __future__ import annotations

from typing import Any, cast

from django.apps import apps
from django.contrib import admin, messages
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from import_export.admin import ImportExportModelAdmin
from import_export.formats import base_formats
from import_export.forms import SelectableFieldsExportForm

from campaigns import bulk, bulk_reading, bulk_writing
from campaigns.current import current_campaign
from campaigns.errors import WorkRefused
from campaigns.models import BulkFile, User
from campaigns.permissions import REASON_SESSION_KEY

# In the order of `bulk_writing.FORMATS`, for the library's own form.
_FORMATS: list[Any] = [
    base_formats.XLSX, base_formats.ODS, base_formats.CSV, base_formats.TSV, base_formats.JSON, base_formats.YAML,
    base_formats.HTML,
]  # fmt: skip


class ColumnsForm(SelectableFieldsExportForm):
    def _get_field_label(self, resource: Any, field_name: str) -> str:
        return str(resource().fields[field_name].column_name)

    @property
    def media(self) -> Media:
        return Media()  # the template brings its own, without inline handlers


class JudgedByAdmin(admin.ModelAdmin):
    """`judging_job`: the job that brings findings up to date when a row of this list, by which rules judge, changes."""

    judging_job = "refresh_findings"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            bulk.judge_again(self.opts.label, by=cast(User, request.user))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        bulk.judge_again(self.opts.label, by=cast(User, request.user))


class BulkAdmin(ImportExportModelAdmin, JudgedByAdmin):
    """`shows_people`: whoever looks says why, once a session."""

    judging_job = ""
    export_form_class = ColumnsForm
    formats = _FORMATS
    shows_people = False

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if (asked := ask_reason(request, self)) is not None:
            return asked
        refused = ""
        if request.method == "POST":
            upload = request.FILES.get("file")
            try:
                if upload is None:
                    raise WorkRefused("usage", "Chưa chọn tệp nào. Chọn một tệp rồi bấm lại.")
                by = cast(User, request.user)
                bulk_file = bulk.receive(current_campaign(request), self.opts.label, upload, by=by)
                job = bulk.go_on(bulk_file, bulk.CHECK, by=by)
            except WorkRefused as refusal:
                refused = refusal.message
            else:
                return redirect("job", job.pk) if job else redirect("bulk_file", bulk_file.pk)
        resource = self.resource_classes[0]()
        context = self.admin_site.each_context(request) | {
            "title": "Nhập hàng loạt", "opts": self.opts, "refused": refused, "suffixes": bulk_reading.SUFFIXES,
            "columns": [field.column_name for field in resource.get_import_fields()],
            "accept": ",".join(f".{suffix}" for suffix in bulk_reading.SUFFIXES),
        }  # fmt: skip
        template = "admin/import_export/import.html"
        return TemplateResponse(request, template, context, status=422 if refused else 200)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        raise Http404("Tệp nhập hàng loạt được xác nhận ở trang của tệp.")

    def export_action(self, request: HttpRequest) -> HttpResponse:
        return ask_reason(request, self) or super().export_action(request)

    def _do_file_export(self, file_format: Any, request: HttpRequest, queryset: Any, export_form: Any = None) -> Any:
        """Few rows at once; many by a job, whose page has the file."""
        by, rows = cast(User, request.user), queryset.count()
        every = rows == self.get_queryset(request).count()
        bulk_file = bulk.ask_to_write(
            current_campaign(request), self.opts.label, bulk_writing.FORMATS[_FORMATS.index(type(file_format))],
            by=by, rows=rows, keys=None if every else list(queryset.values_list("pk", flat=True)),
            columns=export_form.get_selected_resource_export_fields(),
        )  # fmt: skip
        job = bulk.go_on(bulk_file, bulk.WRITE, by=by)
        if job is not None:
            messages.info(request, f"{rows} dòng: tệp đang được lập.")
            return redirect("job", job.pk)
        return redirect("bulk_download", bulk_file.pk)


def ask_reason(request: HttpRequest, model_admin: Any) -> HttpResponse | None:
    """An administrator who looks at people says why, once a session."""
    if not model_admin.shows_people or request.session.get(REASON_SESSION_KEY):
        return None
    return redirect(reverse("reason") + "?" + urlencode({"next": request.get_full_path()}))


def admin_of(bulk_file: BulkFile) -> Any:
    return admin.site.get_model_admin(apps.get_model(bulk_file.model))
