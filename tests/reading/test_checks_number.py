import pytest

from tests.reading.rows import (
    ABSENT,
    Table,
    assert_fires,
    assert_silent,
    firing,
    found,
    judged,
    silent,
)


def numbers(*texts: str) -> list[dict[str, str]]:
    return [{"personal_number": text} for text in texts]


TABLES = [
    Table(
        "number.missing",
        "personal_number",
        group=1,
        fires=[
            *numbers("", "chưa có", "CHUA CAP", "-", "0", "null", "không xác định", "đang làm", "x"),
            {"personal_number": ABSENT},
            {"personal_number": "", "old_id_number": ""},
            {"personal_number": "", "old_id_number": "05091221"},
        ],
        silent=[
            *numbers("014215001234", "1", "1,43E+10", "14215001234", "050912218", "111111111111"),
            {"personal_number": "", "old_id_number": "050912218"},
            {"personal_number": "chưa có", "old_id_number": "050 912 218"},
            {"personal_number": ABSENT, "old_id_number": "050912218"},
        ],
    ),
    Table(
        "number.exponent",
        "personal_number",
        group=2,
        fires=numbers("1.43E+10", "1,43E+10", "1.42150012e+10", "4E+10", "1.42150012345E+11", "'1,42E+10"),
        silent=numbers("014215001234", "E+10", "1.43", "14215E", "143+10", ""),
    ),
    Table(
        "number.lookalike",
        "personal_number",
        group=2,
        fires=numbers("O14215001234", "o142l5OO1234", "0I42I500I234", "014 215 OO1 234", "OO0OOOOOOOOO"),
        suggestions=["014215001234", "014215001234", "014215001234", "014215001234", "000000000000"],
        silent=numbers("014215001234", "O1421500123", "O142150012345", "014215OO123S", "l", "050912O18"),
    ),
    Table(
        "number.lost_zero",
        "personal_number",
        group=2,
        fires=[
            *numbers("14215001234", "14.215.001.234", "14215001234.0", "14215001234,0"),
            {"personal_number": "14215001234", "sex": ""},
            {"personal_number": "14215001234", "birth_date": ""},
            {"personal_number": "14215001234", "birth_date": "2015"},
            {"personal_number": "1215001234"},
            {"personal_number": "52345678"},
            {"personal_number": "52345678", "sex": "", "birth_date": ""},
        ],
        suggestions=[*["014215001234"] * 7, "001215001234", "052345678", "052345678"],
        silent=[
            *numbers("14315001234", "14216001234", "3215001234", "014215001234", "62345678", "5215001234"),
            {"personal_number": "14215001234", "sex": "", "birth_date": ""},
            {"personal_number": "14215001234", "birth_date": "15/15/2015", "sex": "?"},
        ],
    ),
    Table(
        "number.length",
        "personal_number",
        group=2,
        fires=[
            *numbers("1", "0142150012", "14315001234", "0142150012345", "014215001234a", "số 12", "62345678"),
            {"personal_number": "14215001234", "sex": "", "birth_date": ""},
        ],
        silent=numbers("014215001234", "014-215-001-234", "14215001234", "050912218", "1,4E+10", "O14215001234", ""),
    ),
    Table(
        "number.old_id",
        "personal_number",
        group=2,
        fires=numbers("050912218", "050 912 218", "050.912.218", "050912218.0", "'123456789"),
        silent=[
            *numbers("014215001234", "05091221", "0509122180", "", "O50912218"),
            {"personal_number": "050912218", "mother_number": "050912218"},
            {"personal_number": "014215001234", "old_id_number": "050912218"},
        ],
    ),
    Table(
        "number.old_id",
        "old_id_number",
        register="beneficiaries",
        group=1,
        fires=[
            {"personal_number": "", "old_id_number": "050912218"},
            {"personal_number": "chưa có", "old_id_number": "050.912.218"},
            {"personal_number": "không", "old_id_number": "'050912218"},
            {"personal_number": "đang làm", "old_id_number": "050912218"},
            {"personal_number": ABSENT, "old_id_number": "050912218"},
        ],
        silent=[
            {"personal_number": "014050001234", "old_id_number": "050912218"},
            {"personal_number": "12", "old_id_number": "050912218"},
            {"personal_number": "1,4E+10", "old_id_number": "050912218"},
            {"personal_number": "111111111111", "old_id_number": "050912218"},
            {"personal_number": "", "old_id_number": "50912218"},
            {"personal_number": "", "old_id_number": "chưa có"},
        ],
    ),
    Table(
        "number.placeholder",
        "personal_number",
        group=2,
        fires=numbers("111111111111", "000000000000", "012345678910", "123456789012", "987654321098", "012.345.678.910"),
        silent=numbers("014215001234", "111111111112", "11111111111", "0123456789101", "112233445566", ""),
    ),
    Table(
        "number.province",
        "personal_number",
        group=2,
        fires=numbers("999215001234", "003215001234", "100215001234", "296215001234", "013215001234", "000215001234"),
        silent=numbers("014215001234", "001215001234", "101215001234", "295215001234", "096215001234", "99921500123"),
    ),
    Table(
        "number.sex",
        "personal_number",
        group=2,
        fires=[
            *numbers("014315001234", "014115001234", "014915001234"),
            {"sex": "Nữ"},
            {"sex": "gái"},
        ],
        silent=[
            *numbers("014215001234", "014015001234", "14315001234", "111111111111"),
            {"sex": ""},
            {"sex": "không rõ", "personal_number": "014315001234"},
            {"sex": "Khác", "personal_number": "014315001234"},
        ],
    ),
    Table(
        "number.birth_year",
        "personal_number",
        group=2,
        fires=[
            *numbers("014216001234", "014015001234", "014415001234"),
            {"birth_date": "2016"},
            {"birth_date": "3/2014"},
            {"birth_date": "12.5.14"},
        ],
        silent=[
            *numbers("014215001234", "14216001234", "222222222222"),
            {"birth_date": ""},
            {"birth_date": "2015"},
            {"birth_date": "30/02/2016"},
            {"birth_date": "12/5/15"},
            {"birth_date": "hôm qua"},
        ],
    ),
    Table(
        "number.parent",
        "personal_number",
        group=2,
        fires=[
            {"father_number": "014215001234"},
            {"mother_number": "014.215.001.234"},
            {"guardian_number": "014215001234"},
            {"father_number": "14215001234"},
            {"personal_number": "050912218", "mother_number": "050912218"},
            {"personal_number": "14085003315"},
        ],
        silent=[
            {"father_number": "014215001235"},
            {"father_number": ""},
            {"personal_number": "", "father_number": ""},
            {"personal_number": "111111111111", "father_number": "111111111111"},
            {"personal_number": "chưa có", "mother_number": "chưa có"},
            {"personal_number": "1,4E+10", "mother_number": "1,4E+10"},
        ],
    ),
    Table(
        "number.parent",
        "personal_number",
        register="beneficiaries",
        group=2,
        fires=[
            {"payee_number": "014050001234", "payee_name": "Lò Thị Hặc"},
            {"payee_number": "014050001234", "payee_name": ""},
            {"payee_number": "14050001234", "payee_name": "Lò Văn"},
            {"payee_number": "014050001234", "payee_name": "Lò Văn Piếng B"},
            {"payee_number": "014 050 001 234", "payee_name": "Quàng Thị Ón"},
        ],
        silent=[
            {"payee_number": "014050001234", "payee_name": "Lò Văn Piếng"},
            {"payee_number": "014050001234", "payee_name": "LÒ VĂN PIẾNG"},
            {"payee_number": "014050001234", "payee_name": "lo van pieng"},
            {"payee_number": "", "payee_name": "Lò Thị Hặc"},
            {"payee_number": "014150001234", "payee_name": "Lò Thị Hặc"},
        ],
    ),
    Table(
        "parent.too_young",
        "mother_number",
        severity="warning",
        fires=[
            {"mother_number": "014304001234"},
            {"mother_number": "014314001234"},
            {"mother_number": "014320001234"},
            {"mother_number": "014304001234", "birth_date": "31/12/2015"},
            {"mother_number": "014.304.001.234", "birth_date": "2015"},
        ],
        silent=[
            {"mother_number": "014303001234"},
            {"mother_number": "014187003316"},
            {"mother_number": "14304001234"},
            {"mother_number": "333333333333"},
            {"mother_number": "014304001234", "birth_date": ""},
            {"mother_number": ""},
        ],
    ),
    Table(
        "parent.too_young",
        "father_number",
        severity="warning",
        fires=[{"father_number": f"0142{year:02}001234"} for year in (4, 5, 10, 15, 22)],
        silent=[{"father_number": f"014{digit}{year:02}001234"} for digit, year in ((2, 3), (2, 0), (0, 99), (0, 85), (0, 1))],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "cells", "suggestion"), firing(TABLES))
def test_fires(table: Table, cells: dict[str, str], suggestion: str) -> None:
    assert_fires(table, cells, suggestion)


@pytest.mark.parametrize(("table", "cells"), silent(TABLES))
def test_is_silent(table: Table, cells: dict[str, str]) -> None:
    assert_silent(table, cells)


@pytest.mark.parametrize("text", ["111111111111", "123456789012"])
def test_placeholder_silences_every_other_number_rule_and_matches_nobody(text: str) -> None:
    result = judged("children", {"personal_number": text, "father_number": text, "sex": "Nữ"})

    assert [one.rule for one in result.findings if one.rule.startswith("number.")] == ["number.placeholder"]
    assert (result.typed["personal_number"], result.typed["father_number"]) == ("", "")
    assert result.values["personal_number"] == text


def test_several_rules_speak_on_one_number() -> None:
    result = judged("children", {"personal_number": "999399001234"})

    assert {one.rule for one in result.findings} == {"number.province", "number.sex", "number.birth_year"}


def test_old_id_counts_as_no_number_for_beneficiaries() -> None:
    [finding] = found("beneficiaries", {"personal_number": "050912218"}, "number.old_id")

    assert (finding.field, finding.group) == ("personal_number", 1)


def test_old_id_stands_in_both_columns_once() -> None:
    result = judged("children", {"personal_number": "050912218", "old_id_number": "050912219"})

    assert [(one.rule, one.field) for one in result.findings] == [("number.old_id", "personal_number")]


def test_open_century_is_not_used_at_all() -> None:
    result = judged("beneficiaries", {"birth_date": "3/2/15", "personal_number": "014250001234"})

    assert [one.rule for one in result.findings] == ["birth_date.incomplete"]
