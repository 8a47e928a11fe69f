"""Explanations of the rules on places, benefits, and records compared with each other."""

from collections.abc import Callable

from records.reading.checks_benefit import category_codes
from records.reading.dates import full_years
from records.reading.explanation_case import Case, quoted
from records.reading.reference import Category
from records.reading.rules import RULES


def _commune_unknown(case: Case) -> str:
    return f"Xã ghi {quoted(case.value)}, không có trong danh mục xã, thị trấn. Chọn lại tên xã."


def _commune_elsewhere(case: Case) -> str:
    return (
        f"{quoted(case.value)} không thuộc huyện của đợt này. "
        "Ghi sai thì sửa tên xã; đã chuyển đi thì đề nghị đưa ra khỏi danh sách."
    )


def _rates(case: Case) -> list[Category]:
    codes = category_codes(case.said("category"), case.reference)
    return [rate for code in sorted(codes) for rate in case.reference.categories_by_code.get(code, ())]


def _category_unknown(case: Case) -> str:
    labels = list(dict.fromkeys(rate.label for rate in _rates(case)))
    if labels:
        return (
            f"{quoted(case.value)} có thể là {len(labels)} loại đối tượng, như {quoted(labels[0])}. "
            "Chọn đúng loại theo quyết định hưởng."
        )
    return (
        f"{quoted(case.value)} chưa khớp loại đối tượng nào theo Nghị định 20/2021/NĐ-CP. "
        "Chọn một lần, các dòng cùng cách ghi theo đó."
    )


def _category_age(case: Case) -> str:
    last = case.birth.last
    if last is None:
        return RULES["category.age"].help
    age = full_years(last, case.reference.first_day)
    bounds = list(dict.fromkeys(filter(None, (_bounds(rate) for rate in _rates(case)))))
    expected = f", loại đối tượng này {' hoặc '.join(bounds)}" if bounds else ""
    return (
        f"Ngày {_first_day(case)} mới {age} tuổi{expected}. "
        if age < min((rate.age_from or 0 for rate in _rates(case)), default=0)
        else f"Ngày {_first_day(case)} đã {age} tuổi{expected}. "
    ) + "Xem lại ngày sinh và quyết định hưởng."


def _bounds(rate: Category) -> str:
    if rate.age_from is not None and rate.age_to is not None:
        return f"từ đủ {rate.age_from} đến dưới {rate.age_to} tuổi"
    if rate.age_from is not None:
        return f"từ đủ {rate.age_from} tuổi"
    return f"dưới {rate.age_to} tuổi" if rate.age_to is not None else ""


def _first_day(case: Case) -> str:
    return case.reference.first_day.strftime("%d/%m/%Y")


def _amount_disagrees(case: Case) -> str:
    standard = case.reference.standard_on(case.reference.first_day)
    if standard is None:
        return RULES["amount.disagrees"].help
    amount = f"{standard.amount:,}".replace(",", ".")
    coefficient = case.said("coefficient")
    factor = f"hệ số {coefficient}" if coefficient else "hệ số của loại đối tượng"
    return (
        f"Mức hưởng ghi {case.value} đồng, khác {factor} nhân mức chuẩn {amount} đồng "
        "(hoặc mức chuẩn lúc ra quyết định). Xem lại quyết định hưởng."
    )


def _payee_missing(case: Case) -> str:
    birth = case.said("birth_date")
    born = f", sinh {birth}," if birth else ""
    return f"Người hưởng dưới 16 tuổi{born} chưa có ai nhận thay. Ghi họ tên người nhận trợ cấp."


def _record_repeated(case: Case) -> str:
    if case.value.startswith("dòng "):  # rows of a file, on which one code stands
        return (
            f"Mã này có ở nhiều dòng của tệp ({case.value}); chỉ dòng đầu vào sổ. Tải bảng dòng cần sửa ở trang Nhập "
            "dữ liệu, bỏ dòng thừa hoặc sửa mã cho đúng người, rồi nhập bảng ấy."
        )
    where = f" (dòng {case.value})" if case.value else ""
    return f"Hồ sơ này ghi nhiều lần{where}. Mở để so sánh rồi giữ lại một."


def _record_possible_duplicate(case: Case) -> str:
    other = f" {case.value}" if case.value else " khác"
    return (
        f"Rất giống hồ sơ{other}: xem so sánh ở trang Hồ sơ. "
        "Một người thì đề nghị đưa hồ sơ thừa ra khỏi sổ; hai người thì bấm Đúng rồi."
    )


def _ministry_rejected(case: Case) -> str:
    reason = f": {case.value}" if case.value else ""
    return f"Phần mềm của Bộ không nhận dòng này{reason}. Sửa theo lý do rồi đưa vào tệp tải lên sau."


WORDS: dict[str, Callable[[Case], str]] = {
    "commune.unknown": _commune_unknown,
    "commune.elsewhere": _commune_elsewhere,
    "category.unknown": _category_unknown,
    "category.age": _category_age,
    "amount.disagrees": _amount_disagrees,
    "payee.missing": _payee_missing,
    "record.repeated": _record_repeated,
    "record.possible_duplicate": _record_possible_duplicate,
    "ministry.rejected": _ministry_rejected,
}
