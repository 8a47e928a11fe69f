from __future__ import annotations

from typing import Any

from django import forms

from campaigns.forms import without_numbers


class RuleForm(forms.Form):
    """What is decided about a rule, and why. The reason goes to the audit trail, so it may name nobody."""

    state = forms.ChoiceField(
        label="Áp dụng", widget=forms.RadioSelect, error_messages={"required": "Chọn một cách áp dụng."}
    )
    reason = forms.CharField(
        label="Lý do",
        min_length=10,
        max_length=200,
        help_text="Ai quyết định, theo văn bản hoặc cuộc họp nào. Ví dụ: Họp giao ban 12/10, cha đi làm ăn xa.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "min_length": "Lý do mới có %(show_value)d ký tự, cần ít nhất 10. Ghi rõ ai quyết định và vì sao.",
            "required": "Ghi lý do: ai quyết định, theo văn bản hoặc cuộc họp nào.",
        },
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = choices  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        return without_numbers(self.cleaned_data["reason"])
