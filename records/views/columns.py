"""The columns of the review grid, and how a value is called and written on the pages."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.models import Register, User
from records.models import Record
from records.private import unseen_by
from records.reference import field_labels
from records.review import LEGAL_FIELDS

_KINDS = {
    "birth_date": "date", "personal_number": "number", "sex": "sex", "ethnic_group": "ethnic_group",
    "village": "village",
}  # fmt: skip
WORDS = "words"  # the last column: what is to be looked at, and all that stands in no column of its own


@dataclass(frozen=True)
class Column:
    """`width` is the class of the stylesheet; `classes` those of each cell; `short` where the label would not fit."""

    field: str
    label: str
    width: str
    classes: str = ""
    short: str = ""

    @property
    def kind(self) -> str:
        """How the page helps while one types here."""
        return _KINDS.get(self.field, "text")

    @property
    def is_legal(self) -> bool:
        return self.field in LEGAL_FIELDS


_PERSON = (
    Column("full_name", "Họ và tên", "c-name", "name-cell"),
    Column("birth_date", "Ngày sinh", "c-date"),
    Column("sex", "Giới tính", "c-sex", short="Giới"),
    Column("ethnic_group", "Dân tộc", "c-ethnic"),
    Column("personal_number", "Số định danh", "c-id", "id"),
)
_VILLAGE = Column("village", "Bản", "c-village", "desk-only")
_PLACE = Column("village", "Xã, bản", "c-parent", "desk-only")  # for who sees more than one commune
COLUMNS: dict[str, tuple[Column, ...]] = {
    Register.CHILDREN: (
        *_PERSON,
        Column("father_name", "Cha", "c-parent"),
        Column("mother_name", "Mẹ", "c-parent"),
        _VILLAGE,
    ),
    Register.BENEFICIARIES: (
        *_PERSON,
        Column("payee_name", "Người nhận thay", "c-parent"),
        Column("permanent_address", "Nơi thường trú", "c-parent"),
        _VILLAGE,
    ),
}
# A finding on a field without a column stands in this one.
STANDS_IN = {"old_id_number": "personal_number"}
_SHORT_LABELS = {
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "personal_number": "Số định danh",
    "system_code": "Mã trên phần mềm",
    "father_name": "Họ tên cha",
    "mother_name": "Họ tên mẹ",
    "village": "Bản",
}


def columns_for(user: User, register: str) -> list[Column]:
    hidden = unseen_by(user, register)
    columns = [column for column in COLUMNS[register] if column.field not in hidden]
    return columns if user.commune_id is not None else [*columns[:-1], _PLACE]


def column_of(field: str, register: str) -> str:
    """The field in whose column a finding on `field` stands; WORDS where it has none."""
    field = STANDS_IN.get(field, field)
    return field if any(column.field == field for column in COLUMNS[register]) else WORDS


def label_of(field: str, register: str) -> str:
    return _SHORT_LABELS.get(field) or field_labels(register).get(field, field)


def row_number(record: Record) -> str:
    """Of the row in the file that the record came from, which must have been fetched."""
    return str(record.source_row.row_number) if record.source_row else "mới"


def named(record: Record) -> str:
    """How a message speaks of a person: "Hờ Thị Dê, dòng 187"."""
    name = record.full_name or "người chưa có tên"
    return f"{name}, dòng {record.source_row.row_number}" if record.source_row else f"{name}, mã {record.row_code}"
