"""What befalls a list on its way: the really sent workbook, answered and then tampered with."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.models import Campaign, User
from reconciliation.models import BatchLine, Difference
from records import row_codes
from records.models import Record, Stage
from tests.reconciliation.conftest import Sending, Take
from tests.reconciliation.sent_lists import (
    HEADING_ROW,
    Tamper,
    all_c,
    answered,
    column_of,
    copy_row,
    good_number,
    outcomes,
    row_of,
    rows_of,
    saved,
    stages_of,
    without_title,
)

# --- what befalls a file on its way; every case keeps the answers of all lines ---


def shuffle_rows(sheet: Worksheet) -> None:
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=HEADING_ROW + 1)]
    for index, row in enumerate(reversed(rows), start=HEADING_ROW + 1):
        for column, value in enumerate(row, start=1):
            sheet.cell(index, column).value = value


def move_columns(sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=HEADING_ROW):
        values = [c.value for c in row]
        for cell, value in zip(row, reversed(values), strict=True):
            cell.value = value


def lower_codes(sheet: Worksheet) -> None:
    for heading in ("Mã dòng", "Mã kết quả"):
        column = column_of(sheet, heading)
        for row in range(HEADING_ROW + 1, sheet.max_row + 1):
            sheet.cell(row, column).value = f" {sheet.cell(row, column).value.lower()} "


def numbers_as_numbers(sheet: Worksheet) -> None:
    column = column_of(sheet, "Số định danh")
    for row in range(HEADING_ROW + 1, sheet.max_row + 1):
        sheet.cell(row, column).value = float(sheet.cell(row, column).value)


def dates_as_dates(sheet: Worksheet) -> None:
    column = column_of(sheet, "Ngày sinh")
    for row in range(HEADING_ROW + 1, sheet.max_row + 1):
        day, month, year = map(int, sheet.cell(row, column).value.split("/"))
        sheet.cell(row, column).value = datetime.date(year, month, day)
        sheet.cell(row, column).number_format = "mm-dd-yy"


def edit_headings(sheet: Worksheet) -> None:
    for old, new in {"Mã dòng": "MÃ DÒNG ", "Số định danh": "Số định  danh:", "Mã kết quả": "Ma ket qua"}.items():
        sheet.cell(HEADING_ROW, column_of(sheet, old)).value = new


def add_columns_and_footer(sheet: Worksheet) -> None:
    sheet.insert_cols(3)
    sheet.cell(HEADING_ROW, 3).value = "Người tra"
    last = sheet.max_row
    sheet.cell(last + 2, 3).value = "Tổng cộng"
    sheet.cell(last + 3, 15).value = "Làng Chếu, ngày 12 tháng 10 năm 2023"
    sheet.cell(last + 4, 15).value = "TRƯỞNG CÔNG AN XÃ"


def upper_and_space(sheet: Worksheet) -> None:
    column = column_of(sheet, "Họ và tên")
    for row in range(HEADING_ROW + 1, sheet.max_row + 1):
        sheet.cell(row, column).value = f"  {sheet.cell(row, column).value.upper()} "


def renumber(sheet: Worksheet) -> None:
    for row in range(HEADING_ROW + 1, sheet.max_row + 1):
        sheet.cell(row, 1).value = row * 7


HARMLESS = [
    shuffle_rows, move_columns, lower_codes, numbers_as_numbers, dates_as_dates, edit_headings, add_columns_and_footer,
    upper_and_space, without_title, renumber,
]  # fmt: skip


@pytest.mark.parametrize("tamper", HARMLESS, ids=lambda f: f.__name__)
def test_what_does_not_matter(sent: Sending, take: Take, tamper: Callable[[Worksheet], None]) -> None:
    batch, records = sent(4)
    taken = take(answered(batch, all_c(records), tamper))
    assert taken.counts == dict.fromkeys(taken.counts, 0) | {"rows": 4, "accepted": 4}
    assert taken.reordered is (tamper is shuffle_rows)
    assert [Record.objects.get(pk=r.pk).personal_number for r in records] == [good_number(r) for r in records]


def as_csv(content: bytes, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows_of(content))
    return text.getvalue().encode(encoding)


def as_xls(content: bytes) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Danh sách")
    for r, row in enumerate(rows_of(content)):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def as_ods(content: bytes) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    table = Table(name="Danh sách")
    for row in rows_of(content):
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string") if text else TableCell()
            if text:
                cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    kept = io.BytesIO()
    book.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "convert"),
    [
        ("tra.csv", as_csv),
        ("tra2.csv", lambda content: as_csv(content, delimiter=";")),
        ("tra3.csv", lambda content: as_csv(content, encoding="utf-16", delimiter="\t")),
        ("tra.xls", as_xls),
        ("doi-duoi.xls", lambda content: content),
        ("tra.ods", as_ods),
    ],
)
def test_any_spreadsheet_will_do(sent: Sending, take: Take, name: str, convert: Callable[[bytes], bytes]) -> None:
    batch, records = sent(2)
    taken = take(convert(answered(batch, all_c(records))), name)
    assert taken.counts["accepted"] == 2
    assert not taken.needs_person


# --- a list copied to a second sheet ---


def on_second_sheet(content: bytes, *, keep_first: bool, change: Tamper = lambda sheet: None) -> bytes:
    """The answered sheet copied; the first keeps its answers, or is emptied of them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    first = book["Danh sách"]
    second = book.create_sheet("Bản sao", 0)
    for row in first.iter_rows(values_only=True):
        second.append(row)
    if not keep_first:
        for heading in ("Mã kết quả", "Số định danh"):
            for row in range(HEADING_ROW + 1, first.max_row + 1):
                first.cell(row, column_of(first, heading)).value = None
    change(second)
    return saved(book)


@pytest.mark.parametrize("keep_first", [True, False])
def test_answers_are_read_from_whichever_sheet_has_them(sent: Sending, take: Take, keep_first: bool) -> None:
    batch, records = sent(3)
    taken = take(on_second_sheet(answered(batch, all_c(records)), keep_first=keep_first))
    assert taken.counts == dict.fromkeys(taken.counts, 0) | {"rows": 3, "accepted": 3}


def test_half_of_the_answers_on_each_sheet(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    content = answered(batch, {records[0].row_code: all_c(records)[records[0].row_code]})

    def only_the_other(sheet: Worksheet) -> None:
        number, code = column_of(sheet, "Số định danh"), column_of(sheet, "Mã kết quả")
        for record, cells in zip(records, (("", ""), (good_number(records[1]), "C")), strict=True):
            row = row_of(sheet, record.row_code)
            sheet.cell(row, number).value, sheet.cell(row, code).value = cells

    taken = take(on_second_sheet(content, keep_first=True, change=only_the_other))
    assert (taken.counts["accepted"], taken.counts["repeated"]) == (2, 0)


def test_sheets_that_disagree_wait(sent: Sending, take: Take) -> None:
    batch, records = sent(1)

    def another_number(sheet: Worksheet) -> None:
        row = row_of(sheet, records[0].row_code)
        sheet.cell(row, column_of(sheet, "Số định danh")).value = good_number(records[0], tail=5)

    taken = take(on_second_sheet(answered(batch, all_c(records)), keep_first=True, change=another_number))
    assert outcomes(taken)[records[0].row_code] == "to_settle"


def test_a_name_changed_on_a_copy_is_still_seen(sent: Sending, take: Take) -> None:
    batch, records = sent(1)

    def another_name(sheet: Worksheet) -> None:
        sheet.cell(row_of(sheet, records[0].row_code), column_of(sheet, "Họ và tên")).value = "Người Khác"

    taken = take(on_second_sheet(answered(batch, all_c(records)), keep_first=True, change=another_name))
    assert taken.rows[0].altered == ["full_name"]


# --- rows that were touched ---


def test_deleted_rows_are_missing_and_stay_with_the_police(sent: Sending, take: Take) -> None:
    batch, records = sent(3)
    taken = take(answered(batch, all_c(records), lambda sheet: sheet.delete_rows(row_of(sheet, records[0].row_code))))
    assert taken.counts["missing"] == 1
    assert taken.counts["rows"] == 2
    assert stages_of(records)[0] == Stage.WITH_POLICE


def test_a_row_twice_saying_the_same_counts_once(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    taken = take(answered(batch, all_c(records), lambda sheet: copy_row(sheet, records[0].row_code)))
    assert (taken.counts["accepted"], taken.counts["repeated"], taken.counts["rows"]) == (2, 1, 3)
    assert taken.needs_person
    assert not taken.reordered


@pytest.mark.parametrize(
    "changes",
    [
        {"Mã kết quả": "c"}, {"Mã kết quả": ""}, {"Mã kết quả": "C: đã cấp"}, {"Ghi chú": "đã trả thẻ"},
        {"Mã kết quả": "", "Số định danh": ""},
    ],
    ids=["lower case", "no code", "its meaning", "a note more", "an empty copy"],
)  # fmt: skip
def test_a_row_twice_saying_the_same_in_other_words(sent: Sending, take: Take, changes: dict[str, str]) -> None:
    batch, records = sent(1)
    taken = take(answered(batch, all_c(records), lambda sheet: copy_row(sheet, records[0].row_code, **changes)))
    assert (taken.counts["accepted"], taken.counts["repeated"]) == (1, 1)
    assert BatchLine.objects.get().answer.get("Ghi chú", "") == changes.get("Ghi chú", "")


def test_two_different_answers_for_one_row_wait(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    other = {"Số định danh": good_number(records[0], tail=5)}
    taken = take(answered(batch, all_c(records), lambda sheet: copy_row(sheet, records[0].row_code, **other)))
    assert outcomes(taken)[records[0].row_code] == "to_settle"
    assert Record.objects.get(pk=records[0].pk).personal_number == ""
    assert [d.field for d in Difference.objects.all()] == [""]


def test_one_number_on_two_lines_holds_both(sent: Sending, take: Take) -> None:
    batch, records = sent({"birth_date": "01/03/2015"}, {"sex": "Nam", "birth_date": "02/03/2015"})
    number = good_number(records[0])
    answers = {r.row_code: {"Mã kết quả": "C", "Số định danh": number} for r in records}
    taken = take(answered(batch, answers))
    assert set(outcomes(taken).values()) == {"to_settle"}


def test_a_number_that_stands_on_another_record_or_a_parent(
    sent: Sending, take: Take, ready: Callable[..., list[Record]]
) -> None:
    ready({"full_name": "Mùa A Tủa", "personal_number": "014215777777", "father_number": "014085000111"})
    batch, records = sent({}, {})
    waiting = {line.row_code: line.record for line in batch.lines.select_related("record")}
    mine = [r for r in waiting.values() if r.full_name != "Mùa A Tủa"]
    assert len(mine) == 2
    answers = {mine[0].row_code: {"Mã kết quả": "C", "Số định danh": "014215777777"}}
    answers[mine[1].row_code] = {"Mã kết quả": "C", "Số định danh": "014085000111"}
    taken = take(answered(batch, answers))
    assert outcomes(taken)[mine[0].row_code] == outcomes(taken)[mine[1].row_code] == "to_settle"
    assert records


def test_added_rows_are_said_beside(
    campaign: Campaign, sent: Sending, take: Take, ready: Callable[..., list[Record]]
) -> None:
    other_batch, others = sent({"full_name": "Phàng A Dê"})
    batch, records = sent(1)

    def tamper(sheet: Worksheet) -> None:
        copy_row(sheet, records[0].row_code, **{"Mã dòng": others[0].row_code})
        copy_row(sheet, records[0].row_code, **{"Mã dòng": "", "Họ và tên": "Mùa A Mới"})

    taken = take(answered(batch, all_c(records), tamper))
    assert taken.counts["added"] == 2
    assert taken.counts["accepted"] == 1
    reasons = [row.reason for row in taken.rows if row.outcome == "added"]
    assert any(other_batch.code in reason for reason in reasons)
    assert not BatchLine.objects.filter(batch=other_batch).exclude(outcome="").exists()


def test_a_code_never_given_out_is_unreadable(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    strange = next(code for n in range(900_000, 901_000) if (code := row_codes.make(n)))
    taken = take(
        answered(batch, all_c(records), lambda s: setattr(s.cell(row_of(s, records[0].row_code), 2), "value", strange))
    )
    assert outcomes(taken)[strange] == "unreadable"
    assert outcomes(taken)[records[0].row_code] == "missing"


def test_no_wrong_character_in_a_row_code_is_ever_accepted(sent: Sending, take: Take) -> None:
    """Every position, every character of the alphabet and some beside it, in one file."""
    batch, records = sent(1)
    code = records[0].row_code
    wrong = [
        code[:i] + other + code[i + 1 :]
        for i in range(len(code))
        for other in row_codes.ALPHABET + "ILOU*-"
        if other != code[i]
    ]
    wrong += [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1) if code[i] != code[i + 1]]

    def tamper(sheet: Worksheet) -> None:
        for text in wrong:
            copy_row(sheet, code, **{"Mã dòng": text})
        sheet.delete_rows(row_of(sheet, code))

    taken = take(answered(batch, all_c(records), tamper))
    assert taken.counts["unreadable"] == len(wrong)
    assert taken.counts["missing"] == 1
    assert taken.counts["accepted"] == 0


ALTERED = [
    ("Họ và tên", "Người Khác", "full_name"),
    ("Ngày sinh", "31/12/2015", "birth_date"),
    ("Giới tính", "", "sex"),
    ("Dân tộc", "Thái", "ethnic_group"),
    ("Số hiện có", "014215999999", "personal_number"),
    ("Họ tên mẹ", "Sồng Thị Dưa", "mother_name"),
    ("Nơi thường trú", "Bản khác", "permanent_address"),
    ("Đề nghị", "thôi", "request"),
]


@pytest.mark.parametrize(("heading", "text", "field"), ALTERED)
def test_an_edited_column_of_ours_is_never_accepted(
    sent: Sending, take: Take, heading: str, text: str, field: str
) -> None:
    batch, records = sent(1)
    answers = {records[0].row_code: {**all_c(records)[records[0].row_code], heading: text}}
    taken = take(answered(batch, answers))
    assert taken.counts["altered"] == 1
    assert taken.rows[0].altered == [field]
    assert taken.rows[0].outcome == "to_settle"
    assert Record.objects.get().value(field) == records[0].value(field)


def test_ours_changed_since_sending(sent: Sending, take: Take, officer: User) -> None:
    from records import review

    batch, records = sent(1)
    review.correct(
        records[0], {"birth_date": "05/03/2015"}, by=officer, version=records[0].version, document="Giấy khai sinh"
    )
    taken = take(answered(batch, all_c(records)))
    assert taken.rows[0].outcome == "to_settle"
    assert "đã đổi sau khi gửi" in taken.rows[0].reason
