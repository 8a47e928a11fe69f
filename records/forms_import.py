"""Forms of the import pages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms

from campaigns.forms import ReasonField
from campaigns.models import Campaign, Commune, Register
from records.headings import Column
from records.reference import field_labels

ACCEPTED = ".xlsx,.xls,.xlsm,.xlsb,.ods,.csv,.txt"
NOT_USED = "Giữ nguyên, không dùng"


class ReceiveForm(forms.Form):
    file = forms.FileField(
        label="Tệp",
        allow_empty_file=True,  # the reading says what is expected instead
        max_length=255,
        error_messages={
            "required": "Chưa có tệp nào được chọn. Chọn tệp xuất từ phần mềm rồi bấm Đưa lên.",
            "max_length": "Tên tệp dài %(length)d ký tự, hệ thống nhận đến %(max)d. Đặt tên ngắn hơn rồi đưa lên lại.",
        },
    )
    register = forms.ChoiceField(label="Nhập vào sổ", choices=Register.choices, widget=forms.RadioSelect)
    commune = forms.ModelChoiceField(
        label="Tệp của",
        queryset=Commune.objects.none(),
        required=False,
        empty_label="Cả huyện",
        to_field_name="code",
        help_text="Chọn xã khi tệp chỉ của một xã: chỉ người của xã ấy mới có thể bị coi là không còn.",
    )
    partial = forms.BooleanField(
        label="Tệp trích, không đủ mọi người",
        required=False,
        help_text="Người không có trong tệp trích vẫn ở lại sổ, không bị đánh dấu.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.in_campaign(campaign)  # type: ignore[attr-defined]

    @property
    def options(self) -> list[forms.BoundField]:
        """All but the file, which is drawn as a place to drop it on."""
        return [self["register"], self["commune"], self["partial"]]


class ColumnsForm(forms.Form):
    """One choice a column: the key of a field, or '' for none. A column that is a part of a field is no choice."""

    def __init__(self, *args: Any, register: str, columns: list[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = field_labels(register)
        self.columns = columns
        choices = [("", NOT_USED), *self.labels.items()]
        for column in columns:
            if column.kind != "split":
                self.fields[_name(column)] = forms.ChoiceField(
                    label=f"Trường của cột {column.heading}", choices=choices, required=False, initial=column.field
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for key, times in Counter(self._chosen().values()).items():
            if times > 1:
                headings = [c.heading for c in self.columns if self._chosen().get(c.index) == key]
                self.add_error(
                    None,
                    f"Trường “{self.labels[key]}” đang chọn cho {times} cột: {', '.join(headings)}. "
                    f"Để một cột, các cột kia chọn “{NOT_USED}”.",
                )
        return cleaned

    def column_index(self) -> dict[str, int]:
        """Field key → column index, as `headings.choose` takes it."""
        return {key: index for index, key in self._chosen().items()}

    def _chosen(self) -> dict[int, str]:
        """Column index → field key."""
        chosen = {c.index: c.field if c.kind == "split" else self.cleaned_data.get(_name(c), "") for c in self.columns}
        return {index: key for index, key in chosen.items() if key}

    def drawn(self) -> list[tuple[Column, forms.BoundField | None]]:
        return [(c, None if c.kind == "split" else self[_name(c)]) for c in self.columns]


class AnywayForm(forms.Form):
    """Why a file that does not look like the ones before it is used all the same."""

    reason = ReasonField(
        label="Lý do vẫn dùng tệp này",
        help_text="Ví dụ: phần mềm mới tách 7 xã sang đợt khác, công văn 112 ngày 05/10.",
        more="Ghi rõ hơn vì sao tệp vẫn đúng.",
        missing="Tệp này có điều lạ. Ghi lý do vẫn dùng, hoặc bỏ tệp.",
    )


def _name(column: Column) -> str:
    return f"cot-{column.index}"
