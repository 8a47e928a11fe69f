"""Every rule by its code: how serious it is, which target group it counts in, and how people call it."""

from dataclasses import dataclass
from typing import Literal

from records.reading.reference_lists import Register

Severity = Literal["error", "warning", "notice"]

NO_NUMBER, WRONG_NUMBER, BASIC_INFORMATION, NOT_IN_SOFTWARE = 1, 2, 3, 4

# Notes to choose from when a warning is confirmed as right.
CONFIRM_NOTES: tuple[str, ...] = (
    "Đã xem giấy tờ, ghi đúng",
    "Giấy tờ chỉ ghi năm sinh",
    "Chưa xác định được cha",
    "Chưa xác định được mẹ",
    "Cha hoặc mẹ đã chết",
    "Gia đình xác nhận đúng",
    "Là hai người khác nhau",
    "Đã chuyển đi nơi khác",
)

_NUMBER_FIELDS = frozenset({"personal_number", "old_id_number"})
_BASIC_FIELDS = frozenset(
    {
        "full_name",
        "birth_date",
        "sex",
        "ethnic_group",
        "father_name",
        "father_number",
        "mother_name",
        "mother_number",
        "guardian_name",
        "guardian_number",
        "commune",
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`severity` and `group` are the usual ones, see `severity_and_group`.

    `only_correction`: no document makes the value right. `stands_on`: judged from the row alone ("row"), or by
    comparing records or reading an answer ("records").
    """

    code: str
    severity: Severity
    group: int | None
    label: str
    help: str
    only_correction: bool = False
    stands_on: Literal["row", "records"] = "row"


_ALL: tuple[Rule, ...] = (
    Rule(
        "number.missing", "error", NO_NUMBER, "Chưa có số",
        "Chưa có số định danh cá nhân. Hoàn thiện các ô khác rồi đưa vào danh sách gửi công an để cấp số.",
        only_correction=True,
    ),
    Rule(
        "number.exponent", "error", WRONG_NUMBER, "Số bị Excel làm mất",
        "Excel đã đổi số sang dạng 1,42E+10 nên mất các chữ số cuối, không khôi phục được. "
        "Nhập lại theo giấy tờ, hoặc để công an cấp.",
        only_correction=True,
    ),
    Rule(
        "number.lookalike", "error", WRONG_NUMBER, "Chữ gõ thay chữ số",
        "Có chữ O, l hoặc I gõ thay số 0, số 1. Nếu số gợi ý đúng với giấy tờ thì dùng.",
        only_correction=True,
    ),
    Rule(
        "number.lost_zero", "error", WRONG_NUMBER, "Mất số 0 ở đầu",
        "Số bị mất chữ số 0 ở đầu khi qua bảng tính. Dùng số gợi ý đã thêm đủ số 0.",
        only_correction=True,
    ),
    Rule(
        "number.length", "error", WRONG_NUMBER, "Số không đủ 12 chữ số",
        "Số định danh cá nhân gồm đúng 12 chữ số. Nhập lại theo giấy tờ, hoặc để công an xác minh.",
        only_correction=True,
    ),
    Rule(
        "number.old_id", "error", WRONG_NUMBER, "Số chứng minh cũ",
        "Chín chữ số là số chứng minh nhân dân cũ, không thay được số định danh. "
        "Đưa vào danh sách gửi công an để cấp số 12 chữ số.",
        only_correction=True,
    ),
    Rule(
        "number.placeholder", "error", WRONG_NUMBER, "Số gõ cho đủ",
        "Dãy số gõ cho đủ ô (111111111111, 123456789012…), không phải số của ai. Xóa và để công an cấp số.",
        only_correction=True,
    ),
    Rule(
        "number.province", "error", WRONG_NUMBER, "Sai mã tỉnh trong số",
        "Ba chữ số đầu phải là mã tỉnh nơi đăng ký khai sinh, hoặc mã nước từ 101 đến 295. "
        "Xem lại giấy tờ, hoặc để công an xác minh.",
    ),
    Rule(
        "number.sex", "error", WRONG_NUMBER, "Số không khớp giới tính",
        "Chữ số thứ tư chẵn là nam, lẻ là nữ. Xem lại giới tính, hoặc để công an xác minh số.",
    ),
    Rule(
        "number.birth_year", "error", WRONG_NUMBER, "Số không khớp năm sinh",
        "Chữ số thứ tư cho biết thế kỷ, hai chữ số tiếp theo là năm sinh. "
        "Xem lại giấy khai sinh, hoặc để công an xác minh số.",
    ),
    Rule(
        "number.parent", "error", WRONG_NUMBER, "Số của người khác trong dòng",
        "Số này là của cha, mẹ, người giám hộ hoặc người nhận thay ghi ở cùng dòng. "
        "Xóa số và để công an cấp số của chính người này.",
    ),
    Rule(
        "number.shared", "error", WRONG_NUMBER, "Số dùng chung",
        "Cùng một số ghi cho từ hai hồ sơ trở lên. Mở để so sánh: một người ghi hai lần, hoặc một số ghi nhầm.",
        stands_on="records",
    ),
    Rule(
        "name.missing", "error", BASIC_INFORMATION, "Thiếu họ tên",
        "Hồ sơ phải có họ, chữ đệm và tên theo giấy khai sinh.",
    ),
    Rule(
        "name.one_word", "warning", BASIC_INFORMATION, "Tên chỉ có một chữ",
        "Họ tên thường có từ hai chữ trở lên. Xem giấy khai sinh; nếu đúng thì xác nhận.",
    ),
    Rule(
        "name.characters", "error", BASIC_INFORMATION, "Tên có ký tự lạ",
        "Trong tên có chữ số, dấu ngoặc, ký hiệu hoặc ghi chú. Chỉ để họ tên, ghi chú chuyển sang cột Ghi chú.",
    ),
    Rule(
        "name.legacy_font", "error", BASIC_INFORMATION, "Tên gõ phông cũ",
        "Tên gõ bằng bảng mã cũ (TCVN3 hoặc VNI). Đọc tên đã đổi sang Unicode, đúng thì dùng.",
    ),
    Rule(
        "birth_date.missing", "error", BASIC_INFORMATION, "Thiếu ngày sinh",
        "Cần đủ ngày, tháng, năm sinh theo giấy khai sinh.",
    ),
    Rule(
        "birth_date.incomplete", "error", BASIC_INFORMATION, "Ngày sinh chưa đủ",
        "Cần đủ ngày, tháng, năm: xem giấy khai sinh, hoặc hỏi hộ tịch. "
        "Người từ đủ 16 tuổi mà giấy tờ chỉ ghi năm sinh thì xác nhận.",
    ),
    Rule(
        "birth_date.impossible", "error", BASIC_INFORMATION, "Ngày sinh không có thật",
        "Lịch không có ngày này. Xem giấy khai sinh, hoặc hỏi hộ tịch.",
    ),
    Rule(
        "birth_date.unreadable", "error", BASIC_INFORMATION, "Không đọc được ngày sinh",
        "Ghi theo dạng ngày/tháng/năm, ví dụ 05/03/2015.",
    ),
    Rule(
        "birth_date.future", "error", BASIC_INFORMATION, "Ngày sinh ở tương lai",
        "Ngày sinh sau ngày lập danh sách. Xem lại giấy khai sinh.",
    ),
    Rule(
        "birth_date.not_a_child", "notice", None, "Đủ 16 tuổi",
        "Đã đủ 16 tuổi vào ngày đầu đợt, không còn là trẻ em theo Luật Trẻ em. Xem lại ngày sinh.",
    ),
    Rule(
        "birth_date.implausible", "error", BASIC_INFORMATION, "Ngày sinh khó tin",
        "Sinh trước năm 1900 hoặc đã hơn 115 tuổi. Xem lại giấy tờ.",
    ),
    Rule(
        "sex.missing", "error", BASIC_INFORMATION, "Thiếu giới tính",
        "Ghi Nam hoặc Nữ theo giấy khai sinh.",
    ),
    Rule(
        "sex.unreadable", "error", BASIC_INFORMATION, "Không đọc được giới tính",
        "Chỉ ghi Nam hoặc Nữ.",
    ),
    Rule(
        "sex.middle_name", "warning", BASIC_INFORMATION, "Tên đệm không khớp giới tính",
        "Tên đệm Thị thường là nữ, Văn thường là nam. Xem giấy khai sinh; nếu đúng thì xác nhận.",
    ),
    Rule(
        "ethnic_group.missing", "error", BASIC_INFORMATION, "Thiếu dân tộc",
        "Ghi tên dân tộc theo giấy khai sinh, hoặc theo cha, mẹ.",
    ),
    Rule(
        "ethnic_group.unknown", "error", BASIC_INFORMATION, "Không có dân tộc này",
        "Tên không có trong danh mục các dân tộc Việt Nam. Chọn lại tên dân tộc.",
    ),
    Rule(
        "ethnic_group.ambiguous", "warning", BASIC_INFORMATION, "Tên dân tộc chưa rõ",
        "Tên hoặc mã này dùng cho nhiều dân tộc. Hỏi gia đình rồi chọn đúng dân tộc.",
    ),
    Rule(
        "parents.missing", "error", BASIC_INFORMATION, "Thiếu cha, mẹ, giám hộ",
        "Cần họ tên của ít nhất một người: cha, mẹ hoặc người giám hộ.",
    ),
    Rule(
        "father.missing", "warning", BASIC_INFORMATION, "Thiếu họ tên cha",
        "Xem giấy khai sinh, hỏi gia đình rồi điền. Chưa xác định được cha thì xác nhận kèm ghi chú.",
    ),
    Rule(
        "mother.missing", "warning", BASIC_INFORMATION, "Thiếu họ tên mẹ",
        "Xem giấy khai sinh, hỏi gia đình rồi điền. Chưa xác định được mẹ thì xác nhận kèm ghi chú.",
    ),
    Rule(
        "parent.too_young", "warning", BASIC_INFORMATION, "Cha hoặc mẹ quá trẻ",
        "Theo số định danh, cha hoặc mẹ hơn con chưa đến 12 tuổi. "
        "Xem lại số của cha, mẹ và ngày sinh của con.",
    ),
    Rule(
        "commune.missing", "error", BASIC_INFORMATION, "Thiếu xã",
        "Ghi tên xã, thị trấn nơi thường trú.",
    ),
    Rule(
        "commune.unknown", "error", BASIC_INFORMATION, "Không có xã này",
        "Tên không có trong danh mục xã, thị trấn. Chọn lại tên xã.",
    ),
    Rule(
        "commune.elsewhere", "error", BASIC_INFORMATION, "Xã ngoài huyện",
        "Xã không thuộc huyện của đợt này. Sửa tên xã, hoặc đề nghị đưa ra khỏi danh sách.",
    ),
    Rule(
        "village.missing", "warning", None, "Thiếu bản, tiểu khu",
        "Ghi bản hoặc tiểu khu để cán bộ tìm được hộ.",
    ),
    Rule(
        "address.missing", "notice", None, "Thiếu nơi thường trú",
        "Nơi thường trú để trống. Bổ sung khi có giấy tờ.",
    ),
    Rule(
        "category.missing", "error", None, "Thiếu loại đối tượng",
        "Ghi loại đối tượng theo quyết định hưởng.",
    ),
    Rule(
        "category.unknown", "warning", None, "Loại đối tượng chưa rõ",
        "Chưa biết thuộc loại nào theo Nghị định 20/2021/NĐ-CP. Chọn một lần, các dòng cùng cách ghi theo đó.",
    ),
    Rule(
        "category.age", "warning", None, "Tuổi không hợp loại đối tượng",
        "Tuổi vào ngày đầu đợt không hợp loại đối tượng đã ghi. Xem lại ngày sinh và quyết định hưởng.",
    ),
    Rule(
        "amount.disagrees", "notice", None, "Mức hưởng không khớp hệ số",
        "Mức hưởng khác hệ số nhân mức chuẩn. Xem lại quyết định hưởng.",
    ),
    Rule(
        "payee.missing", "warning", None, "Thiếu người nhận thay",
        "Người dưới 16 tuổi hưởng trợ cấp cần có người nhận thay. Ghi họ tên người nhận.",
    ),
    Rule(
        "record.repeated", "error", BASIC_INFORMATION, "Hồ sơ lặp lại",
        "Cùng một người hoặc cùng một mã ghi nhiều lần. Mở để so sánh rồi giữ lại một.",
        stands_on="records",
    ),
    Rule(
        "record.possible_duplicate", "warning", BASIC_INFORMATION, "Có thể trùng người",
        "Rất giống một hồ sơ khác. Mở trang Hồ sơ để so sánh.",
        stands_on="records",
    ),
    Rule(
        "record.new", "notice", NOT_IN_SOFTWARE, "Mới thêm",
        "Thêm trong đợt này, chưa có trên phần mềm. Hồ sơ sẽ nằm ở cuối tệp tải lên.",
    ),
    Rule(
        "record.gone", "warning", None, "Không còn trong tệp mới",
        "Có trong lần xuất trước, không có trong lần này. Hỏi lý do: đã chuyển đi, đã chết, hay tệp thiếu dòng.",
        stands_on="records",
    ),
    Rule(
        "record.in_both_registers", "notice", None, "Có ở cả hai sổ",
        "Cùng một người có trong sổ trẻ em và sổ đối tượng bảo trợ. Hai sổ cần ghi giống nhau.",
        stands_on="records",
    ),
    Rule(
        "ministry.rejected", "error", None, "Phần mềm của Bộ từ chối",
        "Phần mềm của Bộ không nhận dòng này. Sửa theo lý do ghi kèm rồi tải lên lại.",
        stands_on="records",
    ),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for rule in _ALL}


def severity_and_group(rule: str, register: Register, field: str) -> tuple[Severity, int | None]:
    """Severity and target group of a finding.

    An old ID counts as no number for beneficiaries and as a wrong one for children; a refusal of the ministry
    counts in the group of the field that it names. The one severity that varies (birth_date.incomplete is a
    warning for an adult beneficiary) depends on the row and is said by its check.
    """
    known = RULES[rule]
    if rule == "number.old_id" and register == "beneficiaries":
        return known.severity, NO_NUMBER
    if rule == "ministry.rejected":
        if field in _NUMBER_FIELDS:
            return known.severity, WRONG_NUMBER
        return known.severity, BASIC_INFORMATION if field in _BASIC_FIELDS else None
    return known.severity, known.group
