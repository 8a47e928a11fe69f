"""Rows read column by column come out as they do judged row by row. (So does every row of the other tests of rules:
`rows.judged` compares the two.)"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.reading.by_columns import TYPED_OF
from records.reading.checks import TYPED_COLUMNS
from tests.reading.rows import ABSENT, CHILD, by_columns, row

ODD = ["", " ", "chưa có", "x", "0", "?", 'a"b', "a\\b", "a\tb\nc", "\u200b", "%s", "Mua\u0300 A"]
OF_FIELDS = {
    "system_code": ["TE1", "14121-0000001", "H00", "mã 1"],
    "full_name": ["Mùa", "Mùa Thị Sua", "Mùa Văn A", "Mïa A S¸ng", "Mùa A 2", "chưa đặt tên"],
    "birth_date": ["2015", "01/13/2015", "31/02/2015", "2030", "12/05/1890", "01/2015", "42139", "1/1/15", "2004"],
    "sex": ["Nữ", "gái", "Nam ", "không rõ"],
    "ethnic_group": ["Mèo", "Thổ", "01", "Xyz", "Mông (Mèo)"],
    "personal_number": [
        "14215001234", "0142150012", "014115001234", "999215001234", "111111111111", "01421500123O", "1,42E+10",
        "012345678", "014085003315", "14085003315", "'014215001234", "014 215 001 234", "chưa có số",
    ],
    "father_name": ["đã chết", "Đã mất", "Mùa", "Mùa A (chết)"],
    "mother_name": ["da chet", "Giàng"],
    "guardian_name": ["Mùa A Lử", "Lử"],
    "father_number": ["14215001234", "014215001234", "014210003315", "000000000000", "12"],
    "mother_number": ["014187003316", "14187003316", "014310003315"],
    "guardian_number": ["014215001234", "14215001234", "014160001111"],
    "village": ["Bản\u00a0 Cáo"],
    "commune": ["Hà Nội", "Làng Chếu", "03874", "Xã Mường Bú"],
    "permanent_address": ["Bản 1"],
    "old_id_number": ["050123456", "1"],
    "household_head_name": ["Mùa", "Mïa A S¸ng", "Mùa A Tủa"],
    "phone": ["0912 000 111", "0912000111"],
    "updated_on": ["1/9/2023", "45000"],
}  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, str]:
    cells = {}
    for key in draw(st.lists(st.sampled_from(list(OF_FIELDS)), max_size=5, unique=True)):
        cells[key] = draw(st.sampled_from([*OF_FIELDS[key], *ODD, ABSENT, CHILD.get(key, "")]))
    return cells


@settings(deadline=None, max_examples=400)
@given(spoiled())
def test_a_row_says_the_same_either_way(cells: dict[str, str]) -> None:
    by_columns("children", row("children", cells))


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"village": "", "permanent_address": ""},
        {"father_name": ""},
        {"father_name": "chưa có", "mother_name": "", "guardian_name": ""},
        {"personal_number": "chưa có"},
        {"birth_date": "2015", "commune": "Hà Nội", "full_name": "Mïa A S¸ng"},
    ],
)
def test_usual_rows_are_read_by_columns(cells: dict[str, str]) -> None:
    assert by_columns("children", row("children", cells))


@pytest.mark.parametrize(
    "cells",
    [
        {"personal_number": "14215001234"},
        {"sex": "Nữ"},
        {"full_name": "Mùa Thị Sua"},
        {"father_number": "014210003315"},
        {"mother_number": "014215001234"},
        {"mother_name": "đã chết"},
        {"personal_number": "", "old_id_number": "050123456"},
    ],
)
def test_cells_that_disagree_are_judged_together(cells: dict[str, str]) -> None:
    assert not by_columns("children", row("children", cells))


def test_typed_columns_follow_in_their_order() -> None:
    assert tuple(column for columns in TYPED_OF.values() for column in columns) == TYPED_COLUMNS
