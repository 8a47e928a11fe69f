from __future__ import annotations

from typing import Any

from django import forms

from campaigns.forms import ReasonField


class RuleForm(forms.Form):
    """What is decided about a rule, and why."""

    state = forms.ChoiceField(
        label="Áp dụng", widget=forms.RadioSelect, error_messages={"required": "Chọn một cách áp dụng."}
    )
    reason = ReasonField(
        label="Lý do",
        help_text="Ai quyết định, theo văn bản hoặc cuộc họp nào. Ví dụ: Họp giao ban 12/10, cha đi làm ăn xa.",
        more="Ghi rõ ai quyết định và vì sao.",
        missing="Ghi lý do: ai quyết định, theo văn bản hoặc cuộc họp nào.",
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = choices  # type: ignore[attr-defined]
