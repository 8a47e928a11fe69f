"""Explanations of the rules on who a person is: name, date of birth, sex, ethnic group, parents."""

from collections.abc import Callable

from records.reading.dates import full_years
from records.reading.explanation_case import Case, label, quoted
from records.reading.names import SIGNS_IN_NAMES
from records.reading.rules import RULES
from records.reading.values import cell_reader
from records.reading.vietnamese import fold, from_legacy


def _name_missing(case: Case) -> str:
    read = f"Ô họ tên ghi {quoted(case.value)}, chưa phải họ tên." if case.value else "Thiếu họ tên."
    return f"{read} Cần họ, chữ đệm và tên theo giấy khai sinh."


def _name_one_word(case: Case) -> str:
    return (
        f"Họ tên chỉ có một chữ {quoted(case.value)}, thường phải có cả họ và tên. "
        "Xem giấy khai sinh; nếu đúng thì xác nhận."
    )


def _name_characters(case: Case) -> str:
    name = from_legacy(case.value) or case.value
    signs = dict.fromkeys(char for char in name if not char.isalpha() and char not in SIGNS_IN_NAMES and char != " ")
    if not signs:
        return RULES["name.characters"].help
    return (
        f"{label(case)} ghi {quoted(case.value)}, có ký tự không thuộc họ tên: {', '.join(map(quoted, signs))}. "
        "Chỉ để họ tên; nếu là ghi chú thì chuyển sang cột Ghi chú."
    )


def _name_legacy_font(case: Case) -> str:
    if not case.suggestion:
        return RULES["name.legacy_font"].help
    return (
        f"{label(case)} gõ bằng phông chữ cũ (TCVN3 hoặc VNI). Đổi sang Unicode đọc là "
        f"{quoted(case.suggestion)}. Đúng với giấy tờ thì dùng."
    )


def _birth_incomplete(case: Case) -> str:
    birth = cell_reader(case.reference).date(case.value)
    if birth.open_century:
        return f"Ngày sinh ghi {quoted(case.value)}, chưa rõ thế kỷ. Ghi năm đủ bốn chữ số theo giấy tờ."
    if not birth.precision:
        return RULES["birth_date.incomplete"].help
    known = f"năm {birth.year}" if birth.precision == "year" else f"tháng {birth.text}"
    adult = not case.is_child_register and birth.last is not None
    if adult and birth.last and full_years(birth.last, case.reference.first_day) >= 16:
        return f"Mới có {known}. Xem giấy tờ để ghi đủ ngày, tháng, năm; giấy tờ chỉ ghi năm sinh thì xác nhận."
    return f"Mới có {known}. Cần đủ ngày, tháng, năm: xem giấy khai sinh, hoặc hỏi hộ tịch."


def _birth_impossible(case: Case) -> str:
    swapped = f" Đảo ngày và tháng đọc được {case.suggestion}." if case.suggestion else ""
    return f"Không có ngày {case.value} trong lịch.{swapped} Xem giấy khai sinh, hoặc hỏi hộ tịch."


def _birth_unreadable(case: Case) -> str:
    return f"Ngày sinh ghi {quoted(case.value)}, không đọc được. Ghi ngày/tháng/năm, ví dụ 05/03/2015."


def _birth_future(case: Case) -> str:
    latest = case.reference.latest_birth.strftime("%d/%m/%Y")
    return f"Ngày sinh ghi {birth_text(case)}, muộn hơn {latest} là ngày lấy số liệu. Xem lại giấy khai sinh."


def _birth_not_a_child(case: Case) -> str:
    first_day = case.reference.first_day.strftime("%d/%m/%Y")
    return (
        f"Sinh {birth_text(case)}, đã đủ 16 tuổi vào ngày {first_day}. "
        "Trẻ em là người dưới 16 tuổi: xem lại ngày sinh, hoặc đề nghị đưa ra khỏi danh sách."
    )


def _birth_implausible(case: Case) -> str:
    return f"Ngày sinh ghi {birth_text(case)}: trước năm 1900 hoặc đã hơn 115 tuổi. Xem lại giấy tờ."


def birth_text(case: Case) -> str:
    return case.said("birth_date") or case.value


def _sex_unreadable(case: Case) -> str:
    return f"Giới tính ghi {quoted(case.value)}, không phải Nam hay Nữ. Ghi lại theo giấy khai sinh."


def _sex_middle_name(case: Case) -> str:
    if case.said("sex") not in ("Nam", "Nữ"):
        return RULES["sex.middle_name"].help
    middle, usual = ("Thị", "nữ") if case.said("sex") == "Nam" else ("Văn", "nam")
    sex = case.said("sex")
    return (
        f"Tên đệm {quoted(middle)} thường là {usual}, giới tính ghi {sex}. "
        f"Xem giấy khai sinh; nếu đúng là {sex.lower()}, bấm {quoted('Đúng rồi')}."
    )


def _ethnic_missing(case: Case) -> str:
    if case.value:
        return f"{quoted(case.value)} không phải tên dân tộc. Ghi theo giấy khai sinh, hoặc theo cha, mẹ."
    return "Thiếu dân tộc. Ghi theo giấy khai sinh, hoặc theo cha, mẹ."


def _ethnic_unknown(case: Case) -> str:
    return f"Dân tộc ghi {quoted(case.value)}, không có trong danh mục các dân tộc Việt Nam. Chọn lại tên dân tộc."


def _ethnic_ambiguous(case: Case) -> str:
    reference = case.reference
    folded = fold(from_legacy(case.value) or case.value)
    codes = reference.ethnic_names.get(folded) or reference.ethnic_numbers.get(folded.zfill(2), ())
    names = [reference.groups_by_code[code].name for code in codes if code in reference.groups_by_code]
    if not names:
        return RULES["ethnic_group.ambiguous"].help
    what = "Mã" if folded.isdecimal() else "Tên"
    return (
        f"{what} {quoted(case.value)} dùng cho nhiều dân tộc: {', '.join(names)}. Hỏi gia đình rồi chọn đúng dân tộc."
    )


def _parents_missing(case: Case) -> str:
    return "Thiếu cả cha, mẹ và người giám hộ. Cần ít nhất một người: xem giấy khai sinh, hỏi gia đình."


def _father_missing(case: Case) -> str:
    return _one_parent_missing(case, "father_name", "cha")


def _mother_missing(case: Case) -> str:
    return _one_parent_missing(case, "mother_name", "mẹ")


def _one_parent_missing(case: Case, key: str, parent: str) -> str:
    note = case.said(key + "_note")
    read = f"Ô họ tên {parent} chỉ ghi {quoted(note)}." if note else f"Thiếu họ tên {parent}."
    return f"{read} Xem giấy khai sinh, hỏi gia đình rồi điền; chưa xác định được {parent} thì xác nhận kèm ghi chú."


WORDS: dict[str, Callable[[Case], str]] = {
    "name.missing": _name_missing,
    "name.one_word": _name_one_word,
    "name.characters": _name_characters,
    "name.legacy_font": _name_legacy_font,
    "birth_date.incomplete": _birth_incomplete,
    "birth_date.impossible": _birth_impossible,
    "birth_date.unreadable": _birth_unreadable,
    "birth_date.future": _birth_future,
    "birth_date.not_a_child": _birth_not_a_child,
    "birth_date.implausible": _birth_implausible,
    "sex.unreadable": _sex_unreadable,
    "sex.middle_name": _sex_middle_name,
    "ethnic_group.missing": _ethnic_missing,
    "ethnic_group.unknown": _ethnic_unknown,
    "ethnic_group.ambiguous": _ethnic_ambiguous,
    "parents.missing": _parents_missing,
    "father.missing": _father_missing,
    "mother.missing": _mother_missing,
}
