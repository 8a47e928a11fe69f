from __future__ import annotations

import re

from django import forms


def without_numbers(text: str) -> str:
    """Raises ValidationError for a reason that holds what looks like somebody's number."""
    if re.search(r"\d{9}", re.sub(r"[\s.\-]", "", text)):
        raise forms.ValidationError(
            "Lý do có dãy số giống số định danh. Nhật ký không giữ số của ai: ghi mã dòng hoặc mã tệp."
        )
    return text


class ReasonForm(forms.Form):
    """Why an administrator looks at people. Goes to the audit trail as it is, so it may not name them."""

    reason = forms.CharField(
        label="Lý do xem hồ sơ",
        min_length=10,
        max_length=200,
        help_text="Ví dụ: Phòng LĐ-TB&amp;XH nhờ xem vì sao tệp TN-0007 không áp dụng được.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"min_length": "Lý do mới có %(show_value)d ký tự, cần ít nhất 10. Ghi rõ hơn việc cần xem."},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_reason(self) -> str:
        return without_numbers(self.cleaned_data["reason"])
