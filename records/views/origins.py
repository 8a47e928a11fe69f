"""Where a value came from, in a few words."""

from __future__ import annotations

from django.utils import timezone

from campaigns.templatetags.written import weekday
from records.history import Origin
from records.models import ChangeKind, Record

_SAID = {
    ChangeKind.POLICE: "Công an trả",
    ChangeKind.CIVIL_REGISTRY: "Hộ tịch trả",
    ChangeKind.NEWBORNS: "Danh sách khai sinh",
    ChangeKind.UNDO: "Hoàn tác",
    ChangeKind.ADMIN: "Nhập hàng loạt",
}
_OF_THE_REVIEW = {
    ChangeKind.EDIT: "sửa",
    ChangeKind.SUGGESTION: "dùng gợi ý",
    ChangeKind.LIST: "sửa theo danh sách",
    ChangeKind.NEW_PERSON: "thêm mới",
}


def day_in_words(record: Record) -> str:
    """ " thành thứ Năm 01/02/2015", so that one hears what was read; '' where it is no whole date."""
    if record.birth_date is None or record.birth_precision != "day":
        return ""
    return f" thành {weekday(record.birth_date)} {record.birth_date:%d/%m/%Y}"


def origin_in_words(origin: Origin, record: Record) -> str:
    """`record` with its source row."""
    day = f"{timezone.localtime(origin.at):%d/%m}"
    kind = ChangeKind(origin.kind)
    if kind == ChangeKind.IMPORT:
        row = f", dòng {record.source_row.row_number}" if record.source_row else ""
        return f"Từ tệp {origin.document} nhập {day}{row}."
    document = f", {origin.document}" if origin.document else ""
    if kind in _OF_THE_REVIEW:
        return f"{origin.by_name} {_OF_THE_REVIEW[kind]} {day}{document}."
    return f"{_SAID.get(kind, kind.label.capitalize())} {day}{document}."
