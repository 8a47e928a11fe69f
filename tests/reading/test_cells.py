import datetime as dt

import pytest

from records.reading.cells import cell_text, row_texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (" Mùa A Sang ", " Mùa A Sang "),
        (14211000120.0, "14211000120"),
        (14211000120, "14211000120"),
        (123456789012.0, "123456789012"),
        (-3.0, "-3"),
        (0.3, "0.3"),
        (1.5, "1.5"),
        (1e20, "1e+20"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2011, 2, 3), "03/02/2011"),
        (dt.datetime(2011, 2, 3), "03/02/2011"),
        (dt.datetime(2011, 2, 3, 7, 30), "03/02/2011 07:30"),
        (dt.datetime(2011, 2, 3, 7, 30, 5), "03/02/2011 07:30:05"),
        (dt.time(7, 30), "07:30:00"),
        ("#N/A", ""),
        ("#REF!", ""),
    ],
)
def test_cell_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_row_loses_nul_characters_only() -> None:
    assert row_texts(["Mùa\x00 A", "B\tC", 2.0]) == ["Mùa A", "B\tC", "2"]
