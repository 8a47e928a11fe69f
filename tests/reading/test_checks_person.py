import pytest

from tests.reading.rows import ABSENT, Table, assert_fires, assert_silent, firing, judged, silent


def cells(key: str, *texts: str) -> list[dict[str, str]]:
    return [{key: text} for text in texts]


NO_PARENTS = {"father_name": "", "mother_name": "", "guardian_name": ""}

TABLES = [
    Table(
        "name.missing",
        "full_name",
        fires=cells("full_name", "", "chưa có", "Chưa đặt tên", "CHUA DAT TEN", "-", "x", "không xác định"),
        silent=[*cells("full_name", "Mùa A Chống", "Mùa", "Mùa A 2", "Chu A Có", "Đặt Tên"), {"full_name": ABSENT}],
    ),
    Table(
        "name.one_word",
        "full_name",
        severity="warning",
        fires=cells("full_name", "Chống", "H'Mông", "Chống1", "Mïa", "CHỐNG"),
        silent=cells("full_name", "Mùa Chống", "Mùa A Chống", "", "chưa đặt tên", "Mïa A", "Mùa\u00a0Chống"),
    ),
    Table(
        "name.characters",
        "full_name",
        fires=cells(
            "full_name", "Mùa A Chống 2", "Mùa A (chết)", "Mùa A [Chống]", "Mùa A, Chống", "Mùa A/Chống", "Mùa A. Chống"
        ),
        silent=cells(
            "full_name", "Mùa A Chống", "H'Mông A Sở", "H’Mông A Sở", "Mùa-A Chống", "Mu\u0300a A Cho\u0302\u0301ng",
            "Mïa A Chang", "D\xad¬ng V¨n A", "Mïa A Chang (chÕt)", "", "chưa có",
        ),
    ),
    Table(
        "name.characters",
        "father_name",
        fires=cells("father_name", "Mùa A Dình (chết)", "Mùa A Dình 1985", "0123", "Mùa A Dình;", "Mùa A Dình?"),
        silent=cells("father_name", "Mùa A Dình", "đã chết", "", "Mïa A D×nh", "chưa có", "K'Sor A"),
    ),
    Table(
        "name.legacy_font",
        "full_name",
        fires=cells(
            "full_name", "Hê ThÞ Dua", "Mïa A Chang", "NguyÔn V¨n H\xad¬ng", "Vaøng Thò Dua", "NGUYÔN V¡N A", "ÑINH VAÊN AN"
        ),
        suggestions=[
            "Hờ Thị Dua", "Mùa A Chang", "Nguyễn Văn Hương", "Vàng Thị Dua", "NGUYỄN VĂN A", "ĐINH VĂN AN"
        ],
        silent=cells(
            "full_name", "Hờ Thị Dua", "Ho Thi Dua", "Hà Lý", "Hê A Chí", "François Noël", "Lo\u0300 Thi\u0323 A", ""
        ),
    ),
    *(
        Table(
            "name.legacy_font",
            key,
            register=register,
            fires=cells(key, "Hê ThÞ Dua", "Mïa A Sö", "Giµng ThÞ Mû", "Vaøng A Suøng", "Lß V¨n Biªn"),
            suggestions=["Hờ Thị Dua", "Mùa A Sử", "Giàng Thị Mỷ", "Vàng A Sùng", "Lò Văn Biên"],
            silent=cells(key, "Hờ Thị Dua", "", "đã chết", "Lò Văn Biên", "Anaïs"),
        )
        for register, key in (
            ("children", "father_name"), ("children", "mother_name"), ("children", "guardian_name"),
            ("children", "household_head_name"), ("beneficiaries", "payee_name"),
        )
    ),
    Table(
        "sex.missing",
        "sex",
        fires=cells("sex", "", "không rõ", "-", "0", "x"),
        silent=[*cells("sex", "Nam", "nữ", "Khác", "1"), {"sex": ABSENT}],
    ),
    Table(
        "sex.unreadable",
        "sex",
        fires=cells("sex", "Khác", "1", "N", "nam/nữ", "?"),
        silent=cells("sex", "Nam", "NỮ", "nu", "Trai", "gái", "Nữ ", "N÷", ""),
    ),
    Table(
        "sex.middle_name",
        "sex",
        severity="warning",
        fires=[
            {"full_name": "Mùa Thị Chống"},
            {"full_name": "MÙA THỊ CHỐNG"},
            {"full_name": "Mùa Thị Thu Chống", "sex": "nam"},
            {"full_name": "Lò Văn Piếng", "sex": "Nữ"},
            {"full_name": "Lß V¨n Biªn", "sex": "gái"},
        ],
        silent=[
            {"full_name": "Mùa A Chống"},
            {"full_name": "Mùa Thị Chống", "sex": "Nữ"},
            {"full_name": "Lò Vân Piếng", "sex": "Nữ"},
            {"full_name": "Văn Lan", "sex": "Nữ"},
            {"full_name": "Văn Thị Lan", "sex": "Nữ"},
            {"full_name": "Lò Thị Văn", "sex": "Nữ"},
            {"full_name": "Mua Thi Chong"},
            {"full_name": "Mùa Thị Chống", "sex": ""},
        ],
    ),
    Table(
        "ethnic_group.missing",
        "ethnic_group",
        fires=cells("ethnic_group", "", "không rõ", "ko rõ", "KXĐ", "56", "Không xác định", "-"),
        silent=[*cells("ethnic_group", "Mông", "Thổ", "Klingon", "8"), {"ethnic_group": ABSENT}],
    ),
    Table(
        "ethnic_group.unknown",
        "ethnic_group",
        fires=cells("ethnic_group", "Klingon", "57", "Mong Cổ", "dân tộc", "Mông Thái", "Kinh (Thái)",
                    "Mông (mẹ Kinh)"),
        silent=cells("ethnic_group", "Mông", "H'Mông", "Mèo", "m«ng", "Kinh (Việt)", "Thổ", "ko rõ", "Khơ Mú",
                     "Mông (Mèo)", "Mèo (Mông)", "H'Mông/Mèo", "Thái (Đen)", "Ｋｉｎｈ"),
    ),
    Table(
        "ethnic_group.ambiguous",
        "ethnic_group",
        severity="warning",
        fires=cells("ethnic_group", "Thổ", "Xá", "Trại", "Tày Mường", "Ca-tang", "Xá lá vàng", "4", "06", "29"),
        silent=cells("ethnic_group", "Mán", "Lào", "Hoa", "8", "08", "55", "Mường", ""),
    ),
    Table(
        "parents.missing",
        "father_name",
        fires=[
            NO_PARENTS,
            {**NO_PARENTS, "father_name": "chưa có"},
            {**NO_PARENTS, "father_name": "đã chết", "mother_name": "đã mất"},
            {**NO_PARENTS, "guardian_name": ABSENT},
            {**NO_PARENTS, "mother_name": ABSENT},
        ],
        silent=[
            {**NO_PARENTS, "guardian_name": "Mùa A Lử"},
            {**NO_PARENTS, "mother_name": "Giàng Thị Sua"},
            {**NO_PARENTS, "father_name": "Mùa A Dình"},
            {"father_name": ABSENT, "mother_name": ABSENT, "guardian_name": ""},
            {"father_name": ABSENT, "mother_name": ABSENT, "guardian_name": ABSENT},
        ],
    ),
    Table(
        "father.missing",
        "father_name",
        severity="warning",
        fires=[
            {"father_name": ""},
            {"father_name": "đã chết"},
            {"father_name": "không có"},
            {"father_name": "", "mother_name": "", "guardian_name": "Mùa A Lử"},
            {"father_name": "Đã mất", "mother_name": ABSENT, "guardian_name": "Mùa A Lử"},
        ],
        silent=[{}, {"mother_name": ""}, NO_PARENTS, {"father_name": ABSENT}, {"father_name": "Mùa A Dình (đã chết)"}],
    ),
    Table(
        "mother.missing",
        "mother_name",
        severity="warning",
        fires=[
            {"mother_name": ""},
            {"mother_name": "DA CHET"},
            {"mother_name": "-"},
            {"father_name": "", "mother_name": "", "guardian_name": "Mùa A Lử"},
            {"mother_name": "chưa có", "father_name": ABSENT, "guardian_name": "Mùa A Lử"},
        ],
        silent=[{}, {"father_name": ""}, NO_PARENTS, {"mother_name": ABSENT}, {"mother_name": "Giàng Thị Sua"}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "cells", "suggestion"), firing(TABLES))
def test_fires(table: Table, cells: dict[str, str], suggestion: str) -> None:
    assert_fires(table, cells, suggestion)


@pytest.mark.parametrize(("table", "cells"), silent(TABLES))
def test_is_silent(table: Table, cells: dict[str, str]) -> None:
    assert_silent(table, cells)


def test_legal_name_is_never_rewritten() -> None:
    result = judged("children", {"full_name": "  Hê  ThÞ Dua ", "sex": "Nữ", "personal_number": "014315001234"})

    assert result.values["full_name"] == "Hê ThÞ Dua"
    assert (result.typed["full_name"], result.typed["match_name"]) == ("Hờ Thị Dua", "ho thi dua")
    assert [one.rule for one in result.findings] == ["name.legacy_font"]


def test_dead_parent_is_kept_as_a_note() -> None:
    result = judged("children", {"father_name": "Đã chết"})

    assert (result.values["father_name"], result.values["father_name_note"]) == ("", "Đã chết")
    assert (result.typed["father_name"], result.typed["father_match"]) == ("", "")
    assert [one.value for one in result.findings] == ["Đã chết"]


def test_parents_are_no_matter_of_beneficiaries() -> None:
    assert judged("beneficiaries", {"father_name": "", "mother_name": "", "guardian_name": ""}).findings == []


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("Mèo", "Mông", "08"),
        ("H'MÔNG", "Mông", "08"),
        ("m«ng", "Mông", "08"),
        ("Mông (Mèo)", "Mông", "08"),
        ("Thổ (Tày)", "Tày", "02"),
        ("8", "Mông", "08"),
        ("Mán", "Dao", "09"),
        ("Lao", "Lào", "37"),
        ("Kẹo", "Kẹo", "24"),
        ("Thổ", "Thổ", ""),
        ("4", "4", ""),
        ("Klingon", "Klingon", ""),
        ("ko rõ", "", ""),
    ],
)
def test_ethnic_group_is_written_by_its_name(text: str, value: str, code: str) -> None:
    result = judged("children", {"ethnic_group": text})

    assert (result.values["ethnic_group"], result.typed["ethnic_group"]) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [("NAM", "Nam", "nam"), ("nu", "Nữ", "nu"), ("Khác", "Khác", ""), ("x", "", ""), ("", "", "")],
)
def test_sex_is_written_one_way(text: str, value: str, code: str) -> None:
    result = judged("children", {"sex": text})

    assert (result.values["sex"], result.typed["sex"]) == (value, code)
