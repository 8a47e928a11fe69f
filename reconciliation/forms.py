from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone


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
