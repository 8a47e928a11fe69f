"""What holds of every row: values, typed columns, and that nothing makes judging fail."""

import unicodedata
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.reading.checks import TYPED_COLUMNS, judge
from records.reading.reference import REGISTERS, Register
from records.reading.rules import RULES
from tests.reading.rows import BENEFICIARY, CHILD, judged, reference, row

LIKELY = st.sampled_from(
    [
        "", " ", "-", "x", "0", "không", "đã chết", "chưa đặt tên", "Mùa A Chống", "Hê ThÞ Dua", "H\xad¬ng", "Thị", "Nam", "nu",
        "Mèo", "Thổ", "4", "56", "Xã Làng Chếu", "3874", "12/05/2015", "5.2015", "2015", "30/02/2015", "42136", "3/2/15", "3/2/85",
        "014215001234", "14215001234", "52345678", "050912218", "111111111111", "O14215001234", "1,43E+10", "0.0", "1.0.0",
        "Khoản 5", "K5a", "540.000 đ", "1,5", "Thôi hưởng", "Mu\u0300a", "\u200b", "a\u00a0b", "\ud800",
    ]
)  # fmt: skip
CELL = st.one_of(LIKELY, st.text(max_size=20), st.from_regex(r"[0-9./,'\- ]{1,14}", fullmatch=True))
KEYS = sorted({*CHILD, *BENEFICIARY, "father_name_note", "old_id_number", "payee_number", "something_else"})
ROWS = st.dictionaries(st.sampled_from(KEYS), CELL)


@settings(max_examples=400, deadline=None)
@given(register=st.sampled_from(REGISTERS), cells=ROWS, added_by_hand=st.booleans())
def test_judging_never_raises_and_judging_again_changes_nothing(
    register: Register, cells: dict[str, str], added_by_hand: bool
) -> None:
    first = judge(cells, reference(register), added_by_hand=added_by_hand)
    again = judge(first.values, reference(register), added_by_hand=added_by_hand)

    assert again.values == first.values
    assert again.typed == first.typed
    assert again.in_scope == first.in_scope
    assert [asdict(one) | {"value": ""} for one in again.findings] == [
        asdict(one) | {"value": ""} for one in first.findings
    ]


@settings(max_examples=200, deadline=None)
@given(register=st.sampled_from(REGISTERS), cells=ROWS)
def test_what_is_judged_can_be_stored(register: Register, cells: dict[str, str]) -> None:
    result = judge(cells, reference(register))

    assert set(result.values) - set(cells) <= {"father_name_note", "mother_name_note"}
    assert set(cells) <= set(result.values)
    assert tuple(result.typed) == TYPED_COLUMNS
    texts = [*result.values.values(), *(one.value for one in result.findings), *map(str, result.typed.values())]
    for text in texts:
        assert "\x00" not in text
        text.encode("utf-8")
    assert {one.rule for one in result.findings} <= set(RULES)


@pytest.mark.parametrize("odd", [None, 5, 1.5, True])
def test_a_cell_that_is_no_text_is_read_as_text(odd: object) -> None:
    result = judge({"full_name": odd, "personal_number": odd, "birth_date": odd}, reference("children"))  # type: ignore[dict-item]

    assert set(result.values) == {"full_name", "personal_number", "birth_date"}


@pytest.mark.parametrize("register", REGISTERS)
def test_the_good_row_has_nothing_to_look_at(register: Register) -> None:
    assert judged(register, {}).findings == []


def test_typed_columns_of_a_child() -> None:
    result = judged("children", {"full_name": " Mùa  A Chống", "commune": "làng chếu", "guardian_name": "Mùa A Lử"})

    assert result.typed == {
        "system_code": "TE0001",
        "full_name": "Mùa A Chống",
        "match_name": "mua a chong",
        "sort_key": result.typed["sort_key"],
        "birth_date": "2015-05-12",
        "birth_precision": "day",
        "birth_year": 2015,
        "sex": "nam",
        "ethnic_group": "08",
        "personal_number": "014215001234",
        "father_name": "Mùa A Dình",
        "father_match": "mua a dinh",
        "father_number": "014085003315",
        "mother_name": "Giàng Thị Sua",
        "mother_match": "giang thi sua",
        "mother_number": "014187003316",
        "guardian_name": "Mùa A Lử",
        "guardian_number": "",
        "commune_code": "03874",
        "village": "Bản Cáo A",
        "address": "Bản Cáo A, xã Làng Chếu",
        "care_support": False,
    }


@pytest.mark.parametrize(
    ("cells", "name", "number"),
    [
        ({"payee_name": "Lò Thị Hặc", "payee_number": "014152001234"}, "Lò Thị Hặc", "014152001234"),
        (
            {"guardian_name": "Lò Văn An", "payee_name": "Lò Thị Hặc", "payee_number": "014152001234"},
            "Lò Văn An",
            "",
        ),
        ({"payee_name": "Lß ThÞ HÆc", "payee_number": "14152001234"}, "Lò Thị Hặc", ""),
        ({"payee_name": "", "payee_number": ""}, "", ""),
    ],
)
def test_the_payee_stands_for_a_guardian_who_is_not_named(cells: dict[str, str], name: str, number: str) -> None:
    typed = judged("beneficiaries", cells).typed

    assert (typed["guardian_name"], typed["guardian_number"]) == (name, number)


@pytest.mark.parametrize(
    ("typed_text", "value"),
    [
        ("014.215.001.234", "014215001234"),
        ("'014 215 001 234", "014215001234"),
        ("014215001234.0", "014215001234"),
        ("014\u00a0215\u200b001234", "014215001234"),
        ("014-215-001-234", "014215001234"),
        ("1,43E+10", "1,43E+10"),
        ("O14215001234", "O14215001234"),
        ("chưa có", ""),
        ("đang làm", "đang làm"),
    ],
)
def test_number_is_reduced_to_bare_digits(typed_text: str, value: str) -> None:
    assert judged("children", {"personal_number": typed_text}).values["personal_number"] == value


@pytest.mark.parametrize("word", ["chưa có", "Chưa cấp", "KHÔNG", "k có", "x", "-", "0", "null", "khong xac dinh"])
@pytest.mark.parametrize("key", ["village", "phone", "note", "birth_date", "sex", "father_name", "mother_number"])
def test_words_for_none_count_as_empty_in_every_field(key: str, word: str) -> None:
    assert judged("children", {key: word}).values[key] == ""


def test_a_column_that_the_file_lacks_is_absent_and_not_found_on_rows() -> None:
    result = judge({"full_name": "Mùa A Chống"}, reference("children"))

    assert result.values == {"full_name": "Mùa A Chống"}
    assert [one.rule for one in result.findings] == ["number.missing"]


@pytest.mark.parametrize("register", REGISTERS)
def test_legacy_text_is_converted_before_it_is_stored_in_columns(register: Register) -> None:
    result = judged(register, {"village": "B¶n C¸o A", "permanent_address": "X· Lµng ChÕu"})

    assert (result.typed["village"], result.typed["address"]) == ("Bản Cáo A", "Xã Làng Chếu")
    assert result.values["village"] == "B¶n C¸o A"


@pytest.mark.parametrize("code", ["", "chưa có", "-", "x", "0"])
def test_a_person_added_by_hand_is_new(code: str) -> None:
    findings = judged("children", {"system_code": code}, added_by_hand=True).findings

    assert [(one.rule, one.field, one.severity, one.group) for one in findings] == [
        ("record.new", "system_code", "notice", 4)
    ]


@pytest.mark.parametrize(
    ("code", "added_by_hand"), [("TE0001", True), ("1", True), ("TE0001", False), ("", False), ("-", False)]
)
def test_a_person_of_the_file_or_with_a_code_is_not_new(code: str, added_by_hand: bool) -> None:
    assert judged("children", {"system_code": code}, added_by_hand=added_by_hand).findings == []


def test_finding_shows_the_cell_as_typed() -> None:
    [finding] = judged("children", {"personal_number": " 14.215.001.234 "}).findings

    assert (finding.value, finding.suggestion) == ("14.215.001.234", "014215001234")


def test_rows_are_judged_alike_however_text_is_composed() -> None:
    decomposed = {key: unicodedata.normalize("NFD", text) for key, text in row("children", {}).items()}

    assert judge(decomposed, reference("children")) == judge(row("children", {}), reference("children"))


def test_full_width_digits_and_letters_are_digits_and_letters() -> None:
    wide = {
        "system_code": "ＴＥ－０００１", "personal_number": "０１４２１５００１２３４", "birth_date": "１２／０５／２０１５",
        "father_number": "０１４０８５００３３１５", "sex": "Ｎam",
    }  # fmt: skip
    one = judged("children", wide)
    assert one.values["system_code"] == "TE-0001"
    assert one.typed["personal_number"] == "014215001234"
    assert one.typed["father_number"] == "014085003315"
    assert one.typed["birth_date"] == "2015-05-12"
    assert one.typed["sex"] == "nam"
    assert one.findings == []
