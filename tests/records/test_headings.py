from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from campaigns.models import User
from campaigns.permissions import NotAllowed
from records import headings, imports
from records.models import HeadingMap, SourceFile
from tests.records.conftest import Receive
from tests.records.export_files import HEADINGS, child, workbook

SPLIT = [
    ["STT", "Mã trẻ em", "Họ và tên", "Năm sinh", "", "CCCD", "Ghi chú", "Ghi chú"],
    ["", "", "", "Nam", "Nữ", "", "", ""],
    [1, "TE1", "Mùa A Páo", "12/05/2015", "", "014215001234", "a", "b"],
    [2, "TE2", "Mùa Thị Dua", "", "01/03/2016", "014316002222", "", ""],
]


def sheet(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def inspected(receive: Receive, by: User, content: bytes) -> SourceFile:
    source_file = receive(content)
    imports.inspect(source_file, by=by)
    return source_file


def kinds(source_file: SourceFile) -> dict[str, tuple[str, str]]:
    """heading → (what it is read as, how sure)"""
    return {column.heading: (column.field, column.kind) for column in headings.columns_of(source_file)}


@pytest.mark.parametrize(
    ("heading", "values", "field", "kind"),
    [
        ("Họ và tên trẻ em", ["Mùa A Páo"], "full_name", "sure"),
        ("Họ và tên", ["Mùa A Páo"], "full_name", "sure"),
        ("HỌ TÊN (viết hoa)", ["Mùa A Páo"], "full_name", "guessed"),
        ("Trên thẻ", ["014215000001", "142000111"], "personal_number", "guessed"),
        ("Trên thẻ", ["014215000001", "không rõ"], "personal_number", "guessed"),
        ("Trên thẻ", ["0912000111"], "", "unknown"),
        ("Trai hay gái", ["Nam", "nữ"], "sex", "guessed"),
        ("Chào đời", ["01/03/2015", "2-3-2016"], "birth_date", "guessed"),
        ("Việc khác", ["Nam", "2015"], "", "unknown"),
        ("Việc khác", [], "", "unknown"),
        ("STT", ["1", "2"], "", "sure"),
    ],
)
def test_a_column_is_known_guessed_or_unknown(
    receive: Receive, system: User, heading: str, values: list[str], field: str, kind: str
) -> None:
    rows = [["Mã trẻ em", "Họ tên cha", "Họ tên mẹ", heading]]
    rows += [[f"TE{n}", "Mùa A Chống", "Sồng Thị Dợ", value] for n, value in enumerate([*values, ""], 1)]
    assert kinds(inspected(receive, system, sheet(rows)))[heading] == (field, kind)


def test_nothing_is_guessed_that_the_file_has(receive: Receive, system: User) -> None:
    rows = [child(1) | {"other": "014215000009"}]
    content = workbook(rows, headings=HEADINGS | {"other": "Số khác"})
    column = next(c for c in headings.columns_of(inspected(receive, system, content)) if c.heading == "Số khác")
    assert (column.field, column.kind, column.samples) == ("", "unknown", ["014•••••••09"])


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("", "014215000001", "014•••••••01"), ("", "014 215 000 001", "014••••••••••01"), ("", "0912000111", "091•••••11"),
        ("", "12/05/2015", "12/05/2015"), ("", "Mùa A Páo", "Mùa A Páo"), ("system_code", "14121-000001", "14121-000001"),
        ("personal_number", "14215000001", "142••••••01"), ("disability", "Vận động", "(không hiện)"),
    ],
)  # fmt: skip
def test_cells_are_shown_masked(field: str, text: str, shown: str) -> None:
    assert headings.cell_shown("children", field, text) == shown


def test_what_a_heading_alone_does_not_tell_is_not_remembered(receive: Receive, system: User) -> None:
    source_file = inspected(receive, system, sheet(SPLIT))
    assert kinds(source_file)["Năm sinh / Nam"] == ("birth_date", "split")
    columns = source_file.summary["column_index"] | {"note": 6}
    headings.choose(source_file, by=system, sheet=None, columns=columns)
    remembered = dict(HeadingMap.objects.values_list("shown", "field"))
    assert remembered == {
        "STT": "", "Mã trẻ em": "system_code", "Họ và tên": "full_name", "CCCD": "personal_number",
    }  # fmt: skip
    again = inspected(receive, system, sheet(SPLIT))
    assert again.summary["split_columns"] == {"birth_by_sex": [3, 4]}
    assert kinds(again)["STT"] == ("", "remembered")


def test_a_choice_keeps_who_made_it_first(receive: Receive, system: User, district: User) -> None:
    first = inspected(receive, system, workbook([child(1)]))
    headings.choose(first, by=system, sheet=None, columns=first.summary["column_index"])
    second = inspected(receive, system, workbook([child(1)]))
    columns = second.summary["column_index"]
    del columns["phone"]
    headings.choose(second, by=district, sheet=None, columns=columns)
    by = dict(HeadingMap.objects.values_list("shown", "by__username"))
    assert (by["Họ và tên"], by["Số điện thoại"]) == (system.username, district.username)
    assert kinds(second)["Họ và tên"][1] == "remembered"
    assert headings.columns_of(second)[-1].why == f"{district.full_name} vừa chọn"


def test_the_sheets_stay_to_be_chosen_from(receive: Receive, system: User) -> None:
    book = Workbook()
    for title in ("Một", "Hai"):
        other = book.create_sheet(title)
        other.append(list(HEADINGS.values()))
        other.append([child(1)[key] for key in HEADINGS])
    del book["Sheet"]
    content = BytesIO()
    book.save(content)
    source_file = inspected(receive, system, content.getvalue())
    for name in ("Hai", "Một"):
        headings.choose(source_file, by=system, sheet=name, columns=None)
        imports.inspect(source_file, by=system)
        assert source_file.summary["sheet"] == name
        assert [known["name"] for known in source_file.summary["sheets"]] == ["Một", "Hai"]


def test_only_who_may_import_chooses(receive: Receive, system: User, officer: User) -> None:
    source_file = inspected(receive, system, workbook([child(1)]))
    with pytest.raises(NotAllowed):
        headings.choose(source_file, by=officer, sheet=None, columns={})
