from __future__ import annotations

import datetime
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.meaning import Meaning, spelled
from reconciliation.sheets import columns_of
from records.reading.reference import Reference
from records.reference import REFERENCE_FILES

REFERENCE = Reference.from_files(
    REFERENCE_FILES, register="children", first_day=datetime.date(2023, 9, 30), last_day=datetime.date(2023, 11, 9),
    latest_birth=datetime.date(2023, 10, 3), district_code="121",
)  # fmt: skip
COLUMNS = {column.key: column for column in columns_of("civil_registry")}

SAME = [
    ("full_name", "Mùa A Chống", "  MÙA A  CHỐNG "),
    ("full_name", "Lò Văn Hoà", "Lò Văn Hòa"),
    ("full_name", "Thào H'Mông", "Thào HMông"),
    ("full_name", "Giàng Thị Dợ", unicodedata.normalize("NFD", "Giàng Thị Dợ")),
    ("birth_date", "05/03/2015", "5-3-2015"),
    ("birth_date", "05/03/2015", "2015-03-05 00:00:00"),
    ("birth_date", "05/03/2015", "42068"),
    ("birth_date", "2015", "2015.0"),
    ("sex", "Nữ", "NU"),
    ("ethnic_group", "Mông", "H'Mông"),
    ("held_number", "014215001234", "14215001234"),
    ("held_number", "014215001234", "014.215.001.234"),
    ("held_number", "050123456", "50123456.0"),
    ("held_number", "1.42E+10", "1.42e+10"),
    ("number", "", "-"),
    ("residence", "Bản Cáo A, xã Làng Chếu", "bản cáo a,  Xã Làng Chếu"),
    ("request", "Chưa có số.", "chưa có số."),
]  # fmt: skip
OTHER = [
    ("full_name", "Mùa Thị Dua", "Mùa Thị Dưa"),
    ("full_name", "Mùa A Chống", ""),
    ("birth_date", "05/03/2015", "03/05/2015"),
    ("birth_date", "05/03/2015", "2015"),
    ("sex", "Nữ", "Nam"),
    ("ethnic_group", "Mông", "Thái"),
    ("held_number", "014215001234", "014215001235"),
    ("held_number", "014215001234", "1.4215E+10"),
    ("held_number", "", "014215001234"),
    ("residence", "Bản Cáo A", "Bản Cáo B"),
]


@pytest.mark.parametrize(("key", "one", "other"), SAME)
def test_the_same(key: str, one: str, other: str) -> None:
    meaning = Meaning(REFERENCE)
    assert meaning.same(COLUMNS[key], one, other)
    assert meaning.same(COLUMNS[key], other, one)


@pytest.mark.parametrize(("key", "one", "other"), OTHER)
def test_something_else(key: str, one: str, other: str) -> None:
    meaning = Meaning(REFERENCE)
    assert not meaning.same(COLUMNS[key], one, other)
    assert not meaning.same(COLUMNS[key], other, one)


@given(st.text(max_size=30))
def test_composition_makes_no_difference(text: str) -> None:
    assert spelled(unicodedata.normalize("NFD", text)) == spelled(unicodedata.normalize("NFC", text))
