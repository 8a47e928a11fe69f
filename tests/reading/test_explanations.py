import re

import pytest

from records.reading.explanations import explain
from records.reading.reference import REGISTERS, Register
from records.reading.rules import RULES
from tests.reading import (
    test_checks_benefit,
    test_checks_birth,
    test_checks_number,
    test_checks_person,
    test_checks_place,
)
from tests.reading.rows import Table, found, judged, reference

TABLES = [
    table
    for module in (test_checks_number, test_checks_birth, test_checks_person, test_checks_place, test_checks_benefit)
    for table in module.TABLES
]


def explained(register: Register, cells: dict[str, str], rule: str) -> str:
    result = judged(register, cells)
    [finding] = [one for one in result.findings if one.rule == rule]
    return explain(rule, finding.field, finding.value, finding.suggestion, result.values, reference(register))


@pytest.mark.parametrize(
    ("cells", "rule", "sentence"),
    [
        (
            {"personal_number": "14215001234"},
            "number.lost_zero",
            (
                "Đọc được 11 chữ số. Thêm một số 0 ở đầu thành 014 (Sơn La) · 2 (nam, sinh 2000–2099) · 15 (năm 2015): "
                "khớp với giới tính và ngày sinh ghi ở dòng này."
            ),
        ),
        (
            {"personal_number": "014315001234"},
            "number.sex",
            (
                "Số 014315… có chữ số thứ tư là 3 (nữ, sinh 2000–2099), nhưng giới tính ghi Nam. "
                "Xem lại giới tính, hoặc để công an xác minh."
            ),
        ),
        (
            {"personal_number": "014085003315"},
            "number.parent",
            (
                "Số này trùng với số của cha, Mùa A Dình, ở cùng dòng. Chữ số thứ tư là 0 (nam, sinh 1900–1999). "
                "Xóa số và để công an cấp số của trẻ."
            ),
        ),
        (
            {"personal_number": ""},
            "number.missing",
            "Chưa có số. Không ai đoán thay được: xong các ô khác thì hồ sơ vào danh sách gửi công an để cấp số.",
        ),
        (
            {"birth_date": "2014", "personal_number": ""},
            "birth_date.incomplete",
            "Mới có năm 2014. Cần đủ ngày, tháng, năm: xem giấy khai sinh, hoặc hỏi hộ tịch.",
        ),
        (
            {"full_name": "Mïa A Chang"},
            "name.legacy_font",
            (
                "Họ và tên trẻ em gõ bằng phông chữ cũ (TCVN3 hoặc VNI). Đổi sang Unicode đọc là “Mùa A Chang”. "
                "Đúng với giấy tờ thì dùng."
            ),
        ),
        (
            {"ethnic_group": "Thổ"},
            "ethnic_group.ambiguous",
            "Tên “Thổ” dùng cho nhiều dân tộc: Tày, Khơ-me, Thổ. Hỏi gia đình rồi chọn đúng dân tộc.",
        ),
    ],
)
def test_what_was_read_what_is_expected_what_to_do(cells: dict[str, str], rule: str, sentence: str) -> None:
    assert explained("children", cells, rule) == sentence


def test_age_and_category_are_said() -> None:
    cells = {"birth_date": "03/02/1970", "personal_number": ""}

    assert explained("beneficiaries", cells, "category.age") == (
        "Ngày 02/10/2023 mới 53 tuổi, loại đối tượng này từ đủ 60 đến dưới 80 tuổi hoặc từ đủ 80 tuổi. "
        "Xem lại ngày sinh và quyết định hưởng."
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.register}-{table.rule}-{table.field}")
def test_every_finding_of_the_tables_reads_well(table: Table) -> None:
    for cells in table.fires:
        result = judged(table.register, cells)
        for finding in found(table.register, cells, table.rule):
            sentence = explain(
                finding.rule,
                finding.field,
                finding.value,
                finding.suggestion,
                result.values,
                reference(table.register),
            )
            assert_reads_well(sentence)
            usable = str(result.typed["personal_number"])
            assert not usable or usable not in sentence
            assert not re.fullmatch(r"\d{12}", finding.suggestion) or finding.suggestion not in sentence


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("value", ["", "không rõ", "014215001234", "2015", "12, 15"])
def test_every_rule_is_explained_whatever_the_record_holds(register: Register, rule: str, value: str) -> None:
    for values in ({}, {"birth_date": "2015", "sex": "Nam", "category": "NCT"}):
        assert_reads_well(explain(rule, "personal_number", value, "", values, reference(register)))


def assert_reads_well(sentence: str) -> None:
    assert sentence.endswith(".")
    assert sentence[0].isupper() or sentence[0] == "“"
    assert not re.search(r"!|  |None|\bNaN\b| ,|\.\.|\(\)|“”", sentence), sentence


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("DW1BMD", "Hồ sơ này ghi nhiều lần (dòng DW1BMD)."),
        ("dòng 5, 9", "Mã này có ở nhiều dòng của tệp (dòng 5, 9);"),
    ],
)
def test_where_a_record_is_repeated(value: str, start: str) -> None:
    said = explain("record.repeated", "system_code", value, "", {}, reference("children"))
    assert said.startswith(start)
