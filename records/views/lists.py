"""Lists for people: made and downloaded, edited in a spreadsheet, and taken back."""

from __future__ import annotations

import io
from collections.abc import Collection

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from campaigns.current import current_register
from campaigns.errors import WorkRefused
from campaigns.models import Register
from campaigns.permissions import Permission, has, require
from records import lists_back
from records.forms import ExportForm, TakeBackForm
from records.lists import Exported, export_list
from records.models import FileKind, ListKind, PeopleList, Record, SourceFile
from records.printed_lists import PRINTABLE, print_list
from records.views.scope import campaign_of, communes_of, user_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 20
_ABOUT = {
    ListKind.TO_CLEAN: "Người còn phải rà soát, kèm lý do từng ô. Sửa trong Excel rồi gửi lại ở trang này.",
    ListKind.CLEANED: "Người đã xong, để đối chiếu.",
    ListKind.ALL: "Mọi người trong sổ, mọi cột, cả cột kín và số đủ chữ số. Giữ như tài liệu mật.",
    ListKind.VISIT: "Phiếu để đi hộ, mỗi bản một tờ riêng, theo từng nhà: số che bớt, không có loại đối tượng và mức "
    "hưởng. Điền tay, gõ lại theo mã dòng, gửi lại.",
}


@require_GET
@require(Permission.EXPORT)
def lists(request: HttpRequest) -> HttpResponse:
    user, campaign, register = user_of(request), campaign_of(request), current_register(request)
    taken = SourceFile.objects.lists_for(user).filter(campaign=campaign).select_related("by")
    context = {
        "form": _form(request, None),
        "kinds": [
            {"value": k.value, "label": k.label.capitalize(), "about": _ABOUT[k], "on_paper": k in PRINTABLE}
            for k in ListKind
        ],
        "printable": [kind.value for kind in PRINTABLE],
        "register": register,
        "hands_out": has(user, Permission.HAND_OUT),
        "registers": [
            {"label": r.label, "url": f"{reverse('lists')}?so={r}", "current": r == register} for r in Register
        ],
        "made": PeopleList.objects.for_user(user).filter(campaign=campaign).select_related("by", "commune")[:_SHOWN],
        "taken": taken[:_SHOWN],
    }
    return render(request, "records/lists.html", context)


def _form(request: HttpRequest, data: QueryDict | None) -> ExportForm:
    user, campaign, register = user_of(request), campaign_of(request), current_register(request)
    villages: list[str] = []
    if user.commune is not None:
        villages = Record.objects.for_user(user).register(campaign, register).present().villages()
    return ExportForm(data, communes=communes_of(campaign, user), villages=villages)


def _make(request: HttpRequest, kinds: Collection[ListKind]) -> Exported | None:
    """The list that was asked for; None, and said why, where there is none to make."""
    form = _form(request, request.POST)
    if not form.is_valid() or form.cleaned_data["kind"] not in kinds:
        messages.error(request, "Chọn loại danh sách và xã, bản rồi làm lại.")
        return None
    asked = form.cleaned_data
    try:
        return export_list(
            campaign_of(request), asked["kind"], current_register(request), by=user_of(request),
            commune=asked["commune"], village=asked.get("village", ""),
        )  # fmt: skip
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return None


@require_POST
@require(Permission.EXPORT)
def download_list(request: HttpRequest) -> HttpResponseBase:
    exported = _make(request, list(ListKind))
    if exported is None:
        return redirect("lists")
    made = exported.people_list
    place = slugify(made.commune.short_name.replace("đ", "d").replace("Đ", "D")) if made.commune else "ca-huyen"
    name = f"{made.code}-{made.kind.replace('_', '-')}-{place}.xlsx"
    return FileResponse(io.BytesIO(exported.content), as_attachment=True, filename=name, content_type=XLSX)


@require_POST
@require(Permission.EXPORT)
def make_paper_list(request: HttpRequest) -> HttpResponse:
    """The same list, to be printed: made, then shown as pages of paper."""
    exported = _make(request, PRINTABLE)
    return redirect("print_people", exported.people_list.code) if exported else redirect("lists")


@require_GET
@require(Permission.EXPORT)
def print_people(request: HttpRequest, code: str) -> HttpResponse:
    user = user_of(request)
    mine = PeopleList.objects.for_user(user).filter(campaign=campaign_of(request), kind__in=PRINTABLE)
    made = get_object_or_404(mine.select_related("commune", "campaign"), code=code)
    return render(request, "records/print_people.html", print_list(made, by=user))


@require_POST
@require(Permission.EXPORT)
def take_list_back(request: HttpRequest) -> HttpResponse:
    user, campaign = user_of(request), campaign_of(request)
    form = TakeBackForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["file"]))
        return redirect("lists")
    file = form.cleaned_data["file"]
    try:
        lists_back.read_list(campaign, by=user, name=file.name, content=file.read())
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return redirect("lists")
    kept = SourceFile.objects.filter(campaign=campaign, kind=FileKind.LIST, by=user).latest("pk")
    return redirect("list_result", kept.code)
