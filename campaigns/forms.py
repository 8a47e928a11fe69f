from __future__ import annotations

import re
from typing import Any

from django import forms


class ReasonField(forms.CharField):
    """10 to 200 characters for the audit trail, which keeps them as they are: what looks like somebody's number is
    refused. `more` says what a reason that is too short leaves open, `missing` what to write where there is none."""

    def __init__(self, *, label: str, help_text: str, more: str, missing: str = "") -> None:
        errors = {"min_length": f"Lý do mới có %(show_value)d ký tự, cần ít nhất 10. {more}"}
        super().__init__(
            label=label, help_text=help_text, min_length=10, max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages=errors | ({"required": missing} if missing else {}),
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if re.search(r"\d{9}", re.sub(r"[\s.\-]", "", text)):
            raise forms.ValidationError(
                "Lý do có dãy số giống số định danh. Nhật ký không giữ số của ai: ghi mã dòng hoặc mã tệp."
            )
        return text


class ReasonForm(forms.Form):
    """Why an administrator looks at people."""

    reason = ReasonField(
        label="Lý do xem hồ sơ",
        help_text="Ví dụ: Phòng LĐ-TB&amp;XH nhờ xem vì sao tệp TN-0007 không áp dụng được.",
        more="Ghi rõ hơn việc cần xem.",
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
