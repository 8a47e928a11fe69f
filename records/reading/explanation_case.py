"""What an explanation is made from: a finding with the record it stands on, and a few words shared by all."""

from collections.abc import Mapping
from dataclasses import dataclass

from records.reading.dates import DateReading
from records.reading.personal_number import bare_digits, number_sex, number_year
from records.reading.reference import Reference
from records.reading.values import cell_reader


@dataclass(frozen=True, slots=True)
class Case:
    field: str
    value: str
    suggestion: str
    values: Mapping[str, str]
    reference: Reference

    def said(self, key: str) -> str:
        return self.values.get(key, "")

    @property
    def is_child_register(self) -> bool:
        return self.reference.register == "children"

    @property
    def number(self) -> str:
        return bare_digits(self.value)

    @property
    def birth(self) -> DateReading:
        return cell_reader(self.reference).date(self.said("birth_date"))


def digits_in_words(number: str, reference: Reference) -> str:
    """What twelve digits say: "014 (Sơn La) · 2 (nam, sinh 2000–2099) · 15 (năm 2015)"."""
    province = reference.province_names.get(number[:3])
    where = f"{number[:3]} ({province})" if province else number[:3]
    return f"{where} · {century_digit(number)} · {number[4:6]} (năm {number_year(number)})"


def century_digit(number: str) -> str:
    century = number_year(number) // 100 * 100
    return f"{number[3]} ({sex_word(number)}, sinh {century}–{century + 99})"


def sex_word(number: str) -> str:
    return "nam" if number_sex(number) == "nam" else "nữ"


def quoted(text: str) -> str:
    return f"“{text}”"


def label(case: Case) -> str:
    return next((one.label for one in case.reference.fields if one.key == case.field), "Họ tên")
