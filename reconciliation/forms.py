from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from campaigns.models import Commune
from reconciliation.sheets import Column, result_codes, to_fill_in
from records.reading.personal_number import bare_digits
from records.reading.vietnamese import tidy


class DayForm(forms.Form):
    """`?den=`: figures as of the end of that day."""

    den = forms.DateField(
        label="Đến hết ngày",
        required=False,
        input_formats=["%d/%m/%Y"],
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"size": 10, "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ngày viết chưa đúng. Viết ngày/tháng/năm, ví dụ 13/10/2023."},
    )

    def clean_den(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["den"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(f"Ngày {day:%d/%m/%Y} chưa tới. Chọn hôm nay hoặc một ngày đã qua.")
        return day


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Loại", choices=[("periodic", "Định kỳ"), ("adhoc", "Đột xuất"), ("final", "Kết thúc")]
    )
    as_of = forms.DateField(
        label="Số liệu đến hết ngày",
        input_formats=["%d/%m/%Y"],
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Ngày chưa hết thì báo cáo ghi rõ là số liệu tạm tính.",
        error_messages={"invalid": "Ngày viết chưa đúng. Viết ngày/tháng/năm, ví dụ 13/10/2023."},
    )
    suffix = forms.ChoiceField(
        label="Dạng tệp", choices=[(".docx", "Word (.docx)"), (".xlsx", "Excel (.xlsx)")], initial=".docx"
    )


def _day_field(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%d/%m/%Y"],
        help_text=help_text,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ngày viết chưa đúng. Viết ngày/tháng/năm, ví dụ 13/10/2023."},
    )


class SendForm(forms.Form):
    due = _day_field("Hẹn trả", "Theo kế hoạch. Đổi được, không quá ngày cuối dành cho công an.")


class AnswerForm(forms.Form):
    """One line answered in the browser. Fields go by column key, the code of the result by `code`; nothing typed is
    refused, what is missing is asked for once."""

    code = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code: Any = self.fields["code"]
        code.choices = [("", ""), *((c.code, c.label) for c in result_codes(kind).values())]
        for column in to_fill_in(kind):
            if column.key != "result":
                self.fields[column.key] = _answer_field(column)

    @property
    def cells(self) -> dict[str, str]:
        """Column key → text. A number is kept as bare digits, without the spaces that it is shown with."""
        typed = {key: text for key, text in self.cleaned_data.items() if key != "code"}
        typed["number"] = bare_digits(tidy(typed["number"]))
        return {"result": self.cleaned_data.get("code", "")} | typed


def _answer_field(column: Column) -> forms.Field:
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    if column.key == "right_sex":
        choices = [("", "như danh sách"), ("Nam", "Nam"), ("Nữ", "Nữ")]
        return forms.ChoiceField(label=column.heading, required=False, choices=choices)
    if column.kind == "date":
        attrs |= {"inputmode": "numeric"}
    return forms.CharField(label=column.heading, required=False, max_length=300, widget=forms.TextInput(attrs=attrs))


class ReturnedFileForm(forms.Form):
    file = forms.FileField(label="Tệp", error_messages={"required": "Chưa chọn tệp.", "empty": "Tệp rỗng."})

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_MB << 20:
            raise forms.ValidationError(
                f"Tệp nặng {file.size >> 20} MB; hệ thống chỉ nhận tệp đến {settings.MAX_UPLOAD_MB} MB."
            )
        return file


class NewbornsForm(ReturnedFileForm):
    commune = forms.ChoiceField(label="Xã, thị trấn")
    field_order = ["commune", "file"]

    def __init__(self, *args: Any, communes: list[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        commune: Any = self.fields["commune"]
        commune.choices = [(c.code, c.name) for c in communes]


class PlaceRowForm(forms.Form):
    """A row of a returned file whose code cannot be read is given to a line of the batch."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    row_code = forms.CharField(label="Là dòng có mã", max_length=10)


class DocumentForm(forms.Form):
    document = forms.CharField(
        label="Giấy tờ hoặc ghi chú làm căn cứ",
        max_length=200,
        help_text="Ví dụ: Trích lục khai tử số 12/2023; giấy chuyển nơi thường trú 17/2023.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
