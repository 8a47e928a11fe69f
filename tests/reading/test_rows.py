import pytest

from records.reading import rows
from records.reading.rows import RowSieve
from tests.reading.sheets import HEADINGS, SANG, XUAN


def _sieve() -> RowSieve:
    return RowSieve.of(HEADINGS, own=range(1, 11), identifying=(1, 3, 6))


def _row(**cells: str) -> list[str]:
    row = [""] * len(HEADINGS)
    for place, text in cells.items():
        row[int(place[1:])] = text
    return row


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (SANG, None),
        (_row(), ""),
        (_row(c0="  ", c3="\xa0"), ""),
        ([str(n) for n in range(1, 12)], rows.COLUMN_NUMBERS),
        ([f"({n})" for n in range(1, 12)], rows.COLUMN_NUMBERS),
        (HEADINGS, rows.REPEATED_HEADING),
        (_row(c5="(ghi rõ)", c9="(thôn, bản)"), rows.REPEATED_HEADING),
        (_row(c0="Tổng cộng", c2="2"), rows.TOTAL),
        (_row(c2="Tổng số: 25 trẻ"), rows.TOTAL),
        (_row(c1="CỘNG", c4="12", c5="13"), rows.TOTAL),
        (_row(c0="Cộng: 2"), rows.TOTAL),
        (_row(c8="Bắc Yên, ngày 11 tháng 10 năm 2023"), rows.SIGNATURE),
        (_row(c3="Bắc Yên, ngày 11 tháng 10 năm 2023"), rows.SIGNATURE),
        (_row(c8="Hang Chú, ngày … tháng … năm 2023"), rows.SIGNATURE),
        (_row(c2="NGƯỜI LẬP BIỂU", c8="KT. CHỦ TỊCH"), rows.SIGNATURE),
        (_row(c2="(Ký, ghi rõ họ tên)", c8="(Ký, đóng dấu)"), rows.REPEATED_HEADING),
        (_row(c9="TM. UBND XÃ"), rows.SIGNATURE),
        (_row(c0="I", c2="Bản Pa Cư Sáng A"), rows.GROUP),
        (_row(c2="Xã Hang Chú"), rows.GROUP),
        (_row(c0="15"), rows.ONLY_COUNTER),
        (_row(c0="Danh sách này có 2 trẻ"), rows.OUTSIDE_TABLE),
        # People, however little is known of them.
        (_row(c0="3", c2="Mùa A Tủa"), None),
        (_row(c2="Mùa A Tủa"), None),
        (_row(c2="Tòng Văn Cộng"), None),
        (_row(c0="7", c2="Cộng"), None),
        (_row(c2="Mùa A Tủa", c9="Pa Cư Sáng A", c10="chết ngày 5 tháng 3 năm 2020"), None),
        (_row(c0="4", c2="Tổng Thị Mai"), None),
        (_row(c2="Tổng Thị Mai"), None),
        (_row(c2="Cầm Chủ Tịch"), None),
        (_row(c1="14121-000009"), None),
        (_row(c0="5", c9="Bản Suối Bưn"), None),
        (_row(c2="Mùa A Tủa", c10="Xã Hang Chú"), None),
        (_row(c0="6", c2="Lò Thị Xuân", c8="Chủ tịch"), None),
    ],
)
def test_a_row_by_itself(row: list[str], reason: str | None) -> None:
    assert _sieve().reason_to_skip(row) == reason


def test_names_under_a_signature_are_signatories_until_a_person_comes() -> None:
    sieve = _sieve()
    seen = [
        sieve.reason_to_skip(row)
        for row in (
            SANG,
            _row(c2="NGƯỜI LẬP", c8="CHỦ TỊCH"),
            _row(),
            _row(c2="Hà Thị Lan", c8="Mùa A Lử"),
            XUAN,
            _row(c2="Hà Thị Lan"),
        )
    ]
    assert seen == [None, rows.SIGNATURE, "", rows.SIGNATURE, None, None]
