"""The table of outcomes (contract section 4), line by line."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from reconciliation.answers import Answer, code_of
from reconciliation.meaning import Meaning
from reconciliation.outcomes import Judgement, OurSide, Surroundings, judge_line
from records.reading.reference import Reference
from records.reference import REFERENCE_FILES, field_labels
from tests.records.people import CHILD, GOOD_NUMBER

OTHER_GOOD = "014215004321"
WRONG_SEX = "014315001234"
WRONG_YEAR = "014214001234"
REFERENCE = Reference.from_files(
    REFERENCE_FILES, register="children", first_day=datetime.date(2023, 9, 30), last_day=datetime.date(2023, 11, 9),
    latest_birth=datetime.date(2023, 10, 3), district_code="121",
)  # fmt: skip


def judged(
    given: dict[str, str],
    *,
    held: str = "",
    kind: str = "police",
    values: dict[str, str] | None = None,
    around: dict[str, Any] | None = None,
    answer: dict[str, Any] | None = None,
    **ours: Any,
) -> Judgement:
    record_values = {**CHILD, "personal_number": held, **(values or {})}
    side = OurSide(
        record_id=1,
        values=record_values,
        sex="nam",
        birth_year=2015,
        number=held if len(held) == 12 else "",
        sent={},
        **ours,
    )
    surroundings = Surroundings(kind, REFERENCE, Meaning(REFERENCE), field_labels("children"), **(around or {}))
    return judge_line(
        side, Answer(code=code_of(given.get("result", ""), kind), given=given, **(answer or {})), surroundings
    )


ACCEPTED = [
    ("K on a good number", {"result": "K"}, GOOD_NUMBER, ""),
    ("K, number written once more", {"result": "K", "number": GOOD_NUMBER}, GOOD_NUMBER, ""),
    ("C with a good number", {"result": "C", "number": GOOD_NUMBER}, "", GOOD_NUMBER),
    ("C for an old ID", {"result": "C", "number": GOOD_NUMBER}, "050123456", GOOD_NUMBER),
    ("C for a wrong number of ours", {"result": "C", "number": GOOD_NUMBER}, WRONG_SEX, GOOD_NUMBER),
    ("C with the number we hold", {"result": "C", "number": GOOD_NUMBER}, GOOD_NUMBER, ""),
    ("a number alone is C", {"number": GOOD_NUMBER}, "", GOOD_NUMBER),
    ("our number alone is K", {"number": GOOD_NUMBER}, GOOD_NUMBER, ""),
    ("lower case", {"result": "c", "number": GOOD_NUMBER}, "", GOOD_NUMBER),
    ("the meaning beside the letter", {"result": "K - khớp"}, GOOD_NUMBER, ""),
    ("spaces and dots in the number", {"result": "C", "number": "014.215.001234"}, "", GOOD_NUMBER),
    ("a lost leading zero", {"result": "C", "number": "14215001234"}, "", GOOD_NUMBER),
    ("a note alone", {"result": "C", "number": GOOD_NUMBER, "note": "đã cấp thẻ"}, "", GOOD_NUMBER),
    ("our own values repeated", {"result": "K", "right_name": "mùa a chống", "right_sex": "nam"}, GOOD_NUMBER, ""),
    ("our date in another form", {"result": "K", "right_birth_date": "12-5-2015"}, GOOD_NUMBER, ""),
    ("our village", {"result": "K", "right_residence": "bản Cáo A"}, GOOD_NUMBER, ""),
    ("a number of a foreign birth", {"result": "C", "number": "112215001234"}, "", "112215001234"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "given", "held", "written"), ACCEPTED, ids=[c[0] for c in ACCEPTED])
def test_accepted(case: str, given: dict[str, str], held: str, written: str) -> None:
    judgement = judged(given, held=held)
    assert (judgement.outcome, judgement.number, judgement.reason) == ("accepted", written, "")
    assert judgement.differences == ()


TO_SETTLE = [
    *((f"{code} alone", {"result": code, "note": "ghi chú"}, "", f"{code}:") for code in "SNTMDVRX"),
    ("unknown code", {"result": "Z", "number": GOOD_NUMBER}, "", "không có trong danh sách mã"),
    ("two codes at once", {"result": "K/C"}, GOOD_NUMBER, "không có trong danh sách mã"),
    ("K without a number on file", {"result": "K"}, "", "sổ không có số"),
    ("K on an old ID", {"result": "K"}, "050123456", "số chứng minh cũ"),
    ("K on a number of the other sex", {"result": "K"}, WRONG_SEX, "không khớp giới tính"),
    ("K with another number", {"result": "K", "number": OTHER_GOOD}, GOOD_NUMBER, "ghi số khác"),
    ("C without a number", {"result": "C"}, "", "không ghi số"),
    ("C of the other sex", {"result": "C", "number": WRONG_SEX}, "", "không khớp giới tính"),
    ("C of another year", {"result": "C", "number": WRONG_YEAR}, "", "không khớp năm sinh"),
    ("C of no province", {"result": "C", "number": "999215001234"}, "", "mã tỉnh"),
    ("C with eleven digits that are none", {"result": "C", "number": "99215001234"}, "", "không đủ 12 chữ số"),
    ("C with a run", {"result": "C", "number": "123456789012"}, "", "gõ cho đủ"),
    ("C with a letter O", {"result": "C", "number": "O14215001234"}, "", "gõ thay chữ số"),
    ("C in exponent notation", {"result": "C", "number": "1.4215E+10"}, "", "Excel"),
    ("C while we hold a good one", {"result": "C", "number": OTHER_GOOD}, GOOD_NUMBER, "sổ đang có số khác"),
    ("another name", {"result": "C", "number": GOOD_NUMBER, "right_name": "Mùa A Chồng"}, "", "khác sổ ta: họ và tên"),
    ("another date", {"result": "K", "right_birth_date": "12/06/2015"}, GOOD_NUMBER, "khác sổ ta"),
    ("another sex", {"result": "K", "right_sex": "Nữ"}, GOOD_NUMBER, "khác sổ ta: giới tính"),
    ("another residence", {"result": "K", "right_residence": "Bản Háng Cao"}, GOOD_NUMBER, "khác sổ ta: nơi thường trú"),
    ("something, but neither code nor number", {"note": "đã hỏi"}, GOOD_NUMBER, "thiếu mã kết quả"),
    ("a right name only", {"right_name": "Mùa A Chồng"}, "", "thiếu mã kết quả"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "given", "held", "reason"), TO_SETTLE, ids=[c[0] for c in TO_SETTLE])
def test_to_settle(case: str, given: dict[str, str], held: str, reason: str) -> None:
    judgement = judged(given, held=held)
    assert judgement.outcome == "to_settle"
    assert reason.lower() in judgement.reason.lower()
    assert judgement.number == ""
    assert judgement.differences


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"around": {"holders": {GOOD_NUMBER: {1, 2}}}}, "số dùng chung"),
        ({"around": {"of_parents": {GOOD_NUMBER}}}, "số của người khác"),
        ({"values": {"father_number": GOOD_NUMBER}}, "số của người khác"),
        ({"around": {"on_two_lines": {GOOD_NUMBER}}}, "một số ghi cho hai dòng"),
        ({"changed": ("birth_date",)}, "sổ ta đã đổi sau khi gửi"),
        ({"excluded": True}, "đã đưa ra khỏi sổ"),
        ({"earlier": True}, "khác với lần trả trước"),
        ({"answer": {"altered": {"birth_date": "13/05/2015"}}}, "cột ta gửi đi bị sửa: ngày sinh"),
        ({"answer": {"contradictory": True}}, "hai trả lời khác nhau"),
    ],
)
def test_a_good_answer_waits_when_something_around_it_does_not_fit(more: dict[str, Any], reason: str) -> None:
    judgement = judged({"result": "C", "number": GOOD_NUMBER}, **more)
    assert judgement.outcome == "to_settle"
    assert reason in judgement.reason.lower()
    assert [d.theirs for d in judgement.differences if d.field == "personal_number"] == [GOOD_NUMBER]


def test_our_own_number_does_not_stand_on_another() -> None:
    around = {"holders": {GOOD_NUMBER: {1}}}
    assert judged({"result": "K"}, held=GOOD_NUMBER, around=around).outcome == "accepted"


@pytest.mark.parametrize("given", [{"result": "G", "note": "chưa khai sinh"}, {"result": "g"}])
def test_not_registered_goes_to_the_civil_registry(given: dict[str, str]) -> None:
    assert judged(given).outcome == "to_civil_registry"


def test_nothing_filled_in_is_unanswered() -> None:
    assert judged({}).outcome == "unanswered"
    assert judged({}, answer={"altered": {"sex": "Nữ"}}).outcome == "unanswered"


def test_what_a_code_lacks_is_said() -> None:
    assert "thiếu ghi chú" in judged({"result": "N"}).reason
    assert "thiếu thông tin đúng" in judged({"result": "S", "note": "x y"}).reason
    assert "thiếu ngày chết" in judged({"result": "M"}).reason


@pytest.mark.parametrize("code", ["M", "D", "T"])
def test_a_line_about_leaving_the_register_waits_as_a_whole(code: str) -> None:
    judgement = judged({"result": code, "number": GOOD_NUMBER, "right_name": "Mùa A Chồng"})
    assert [d.field for d in judgement.differences] == [""]


def test_differences_stand_field_by_field() -> None:
    judgement = judged(
        {"result": "S", "number": GOOD_NUMBER, "right_name": "Mùa A Chồng", "right_birth_date": "12.6.2015"},
        answer={"altered": {"mother_name": "Giàng Thị Dơ", "full_name": "Mùa A Chông"}},
    )
    assert {d.field: (d.ours, d.theirs) for d in judgement.differences} == {
        "personal_number": ("", GOOD_NUMBER),
        "full_name": ("Mùa A Chống", "Mùa A Chồng"),
        "birth_date": ("12/05/2015", "12/06/2015"),
        "mother_name": ("Giàng Thị Dợ", "Giàng Thị Dơ"),
    }


REGISTRY = [
    ({"result": "K"}, "accepted"),
    ({"result": "K", "registration": "01/2015 số 43", "registered_on": "20/05/2015"}, "accepted"),
    ({"result": "K", "right_father": "Mùa A Páo"}, "accepted"),
    ({"result": "K", "right_father": "Mùa A Pao"}, "to_settle"),
    ({"result": "S", "right_name": "Mùa A Chồng"}, "to_settle"),
    ({"result": "G"}, "to_settle"),
    ({"result": "N"}, "to_settle"),
    ({"result": "C", "number": GOOD_NUMBER}, "to_settle"),
    ({"result": "V"}, "to_settle"),
    ({"number": GOOD_NUMBER}, "to_settle"),
    ({}, "unanswered"),
]


@pytest.mark.parametrize(("given", "outcome"), REGISTRY)
def test_the_civil_registry_confirms_particulars_not_numbers(given: dict[str, str], outcome: str) -> None:
    assert judged(given, kind="civil_registry").outcome == outcome
