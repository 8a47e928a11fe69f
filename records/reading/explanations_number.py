"""Explanations of the rules on numbers."""

from collections.abc import Callable

from records.reading.explanation_case import Case, century_digit, digits_in_words, quoted
from records.reading.personal_number import number_year, same_number, usable_number
from records.reading.rules import RULES


def _number_missing(case: Case) -> str:
    if case.value and case.value != case.number:
        return (
            f"Ô số ghi {quoted(case.value)}, chưa có số nào. Cần số định danh 12 chữ số: "
            "xong các ô khác thì hồ sơ vào danh sách gửi công an để cấp số."
        )
    return "Chưa có số. Không ai đoán thay được: xong các ô khác thì hồ sơ vào danh sách gửi công an để cấp số."


def _number_exponent(case: Case) -> str:
    return (
        f"Excel đã đổi số thành dạng {case.value}: các chữ số cuối mất hẳn, không khôi phục được. "
        "Nhập lại theo giấy tờ, hoặc để công an cấp."
    )


def _number_lookalike(case: Case) -> str:
    if not _are_digits(case.suggestion, 12):
        return RULES["number.lookalike"].help
    zeros = [char for char in "Oo" if char in case.value]
    ones = [char for char in "lI" if char in case.value]
    mistyped = [f"chữ {' và '.join(found)} gõ thay số {digit}" for found, digit in ((zeros, 0), (ones, 1)) if found]
    return (
        f"Có {', '.join(mistyped)}. Đổi lại được đúng 12 chữ số: "
        f"{digits_in_words(case.suggestion, case.reference)}. Đúng với giấy tờ thì dùng."
    )


def _number_lost_zero(case: Case) -> str:
    count = len(case.number)
    if not _are_digits(case.suggestion, 9) and not _are_digits(case.suggestion, 12):
        return RULES["number.lost_zero"].help
    if len(case.suggestion) == 9:
        return (
            f"Đọc được {count} chữ số, bắt đầu bằng 5: số chứng minh cũ của Sơn La (05…) mất số 0 ở đầu. "
            "Thêm số 0 rồi để công an cấp số định danh 12 chữ số."
        )
    zeros = "một số 0" if count == 11 else "hai số 0"
    return (
        f"Đọc được {count} chữ số. Thêm {zeros} ở đầu thành {digits_in_words(case.suggestion, case.reference)}: "
        f"khớp với {_agreeing(case)} ghi ở dòng này."
    )


def _agreeing(case: Case) -> str:
    known = []
    if case.said("sex") in ("Nam", "Nữ"):
        known.append("giới tính")
    if case.birth.year is not None:
        known.append("ngày sinh")
    return " và ".join(known) or "các ô khác"


def _number_length(case: Case) -> str:
    if case.number.isdecimal():
        return (
            f"Đọc được {len(case.number)} chữ số, số định danh phải đủ 12. "
            "Xem lại giấy tờ rồi nhập đủ, hoặc để công an xác minh."
        )
    return (
        f"Số {quoted(case.value[:6] + '…')} có ký tự không phải chữ số. Số định danh gồm đúng 12 chữ số: "
        "nhập lại theo giấy tờ, hoặc để công an xác minh."
    )


def _number_old_id(case: Case) -> str:
    if case.is_child_register:
        return (
            "Chín chữ số là số chứng minh cũ, ở trẻ em thường là thẻ của cha hoặc mẹ. "
            "Cần số định danh 12 chữ số: để công an cấp."
        )
    return "Chín chữ số là số chứng minh cũ. Cần số định danh 12 chữ số: xem thẻ căn cước, hoặc để công an cấp."


def _number_placeholder(case: Case) -> str:
    return f"Dãy {case.number} là số gõ cho đủ ô, không phải số của ai. Xóa số và để công an cấp."


def _number_province(case: Case) -> str:
    if not _are_digits(case.number, 12):
        return RULES["number.province"].help
    return (
        f"Số {case.number[:6]}… bắt đầu bằng {case.number[:3]}, không phải mã tỉnh hay mã nước (101–295). "
        "Xem lại giấy tờ, hoặc để công an xác minh."
    )


def _number_sex(case: Case) -> str:
    if not _are_digits(case.number, 12):
        return RULES["number.sex"].help
    return (
        f"Số {case.number[:6]}… có chữ số thứ tư là {century_digit(case.number)}, "
        f"nhưng giới tính ghi {case.said('sex')}. Xem lại giới tính, hoặc để công an xác minh."
    )


def _number_birth_year(case: Case) -> str:
    if not _are_digits(case.number, 12):
        return RULES["number.birth_year"].help
    return (
        f"Số nói sinh năm {number_year(case.number)}, ngày sinh ghi {case.said('birth_date')}. "
        "Xem giấy khai sinh, hoặc để công an xác minh."
    )


_OTHER_NUMBERS = (
    ("father_number", "father_name", "cha"),
    ("mother_number", "mother_name", "mẹ"),
    ("guardian_number", "guardian_name", "người giám hộ"),
    ("payee_number", "payee_name", "người nhận thay"),
)


def _number_parent(case: Case) -> str:
    whose = next((one for one in _OTHER_NUMBERS if same_number(case.number, case.said(one[0]))), None)
    if whose is None:
        return RULES["number.parent"].help
    name = case.said(whose[1])
    named = f"{whose[2]}, {name}," if name else whose[2]
    digit = f" Chữ số thứ tư là {century_digit(case.number)}." if _are_digits(case.number, 12) else ""
    own = "của trẻ" if case.is_child_register else "của chính người này"
    return f"Số này trùng với số của {named} ở cùng dòng.{digit} Xóa số và để công an cấp số {own}."


def _number_shared(case: Case) -> str:
    start = f"Số {case.number[:6]}…" if case.number else "Số này"
    return f"{start} còn ghi cho hồ sơ khác. Có thể một người ghi hai lần, hoặc ghi nhầm số: mở để so sánh."


def _are_digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def _parent_too_young(case: Case) -> str:
    parent = "mẹ" if case.field.startswith("mother") else "cha"
    number = usable_number(case.number)
    if not number:
        return RULES["parent.too_young"].help
    return (
        f"Số của {parent} nói sinh năm {number_year(number)}, con sinh {case.said('birth_date')}: "
        f"hơn con chưa đến 12 tuổi. Xem lại số của {parent} và ngày sinh của con."
    )


WORDS: dict[str, Callable[[Case], str]] = {
    "number.missing": _number_missing,
    "number.exponent": _number_exponent,
    "number.lookalike": _number_lookalike,
    "number.lost_zero": _number_lost_zero,
    "number.length": _number_length,
    "number.old_id": _number_old_id,
    "number.placeholder": _number_placeholder,
    "number.province": _number_province,
    "number.sex": _number_sex,
    "number.birth_year": _number_birth_year,
    "number.parent": _number_parent,
    "number.shared": _number_shared,
    "parent.too_young": _parent_too_young,
}
