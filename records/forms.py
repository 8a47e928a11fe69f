from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from campaigns.models import Commune
from records.models import ListKind
from records.models.exclusion import REASONS
from records.reading.rules import CONFIRM_NOTES
from records.typed import as_typed

# What an officer may have seen. Correcting a legal field needs one (plan II.1.1.b).
PAPERS = (
    "Giấy khai sinh",
    "Trích lục khai sinh",
    "Thẻ căn cước công dân",
    "Thông báo số định danh cá nhân",
    "Xác nhận thông tin về cư trú",
    "Quyết định hưởng trợ giúp",
)
OTHER = "giấy tờ khác"
NO_PAPER = "Gia đình khai, chưa có giấy tờ"


class _WithPaper(forms.Form):
    """A paper from the list, and more about it: its number, or what other paper it is."""

    paper = forms.ChoiceField(label="Theo giấy tờ nào", required=False)
    more = forms.CharField(
        label="Số, ngày của giấy tờ",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "số, ngày (nếu có)"}),
    )

    def offer(self, empty: str, *groups: tuple[str, tuple[str, ...]]) -> None:
        choices: list[Any] = [(title, [(text, text) for text in texts]) for title, texts in groups]
        paper: Any = self.fields["paper"]
        paper.choices = [("", empty), *choices]

    def said(self) -> str:
        """The paper in words: "Giấy khai sinh, 89/2014"; '' where none was named."""
        paper, more = self.cleaned_data.get("paper", ""), self.cleaned_data.get("more", "").strip()
        return ", ".join(text for text in ("" if paper == OTHER and more else paper, more) if text)


class PaperForm(_WithPaper):
    """Which paper was seen, where a legal field is corrected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("theo giấy tờ nào…", ("Giấy tờ đã xem", (*PAPERS, OTHER)))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.said():
            self.add_error("paper", "Chọn giấy tờ đã xem, hoặc ghi tên giấy tờ ở ô bên.")
        return cleaned


class CellForm(_WithPaper):
    """One value of one record. `version` is the record's when the form was drawn."""

    value = forms.CharField(required=False, max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["value", "paper", "more", "version", "next"]

    def __init__(
        self,
        *args: Any,
        label: str,
        is_legal: bool,
        choices: list[str],
        register: str = "",
        key: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.register, self.key = register, key
        self.choices = choices
        self.is_legal = is_legal
        value = self.fields["value"]
        value.label = label
        value.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        if choices:
            value.widget.attrs["list"] = "choices"
        if is_legal:
            self.offer("theo giấy tờ nào…", ("Giấy tờ đã xem", (*PAPERS, OTHER)))
        else:
            del self.fields["paper"], self.fields["more"]

    def clean_value(self) -> str:
        text: str = self.cleaned_data["value"]
        return as_typed(self.register, self.key, text) if self.key else text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_legal and not self.said():
            self.add_error("paper", "Chọn giấy tờ đã xem, hoặc ghi tên giấy tờ ở ô bên.")
        return cleaned


class ConfirmForm(_WithPaper):
    """Why what stands there is right: a note of the short list for a warning, a paper for an error."""

    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, with_notes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].label = "Vì sao là đúng"
        notes = (("Ghi chú", CONFIRM_NOTES),) if with_notes else ()
        self.offer("vì sao là đúng…", *notes, ("Giấy tờ đã xem", (*PAPERS, OTHER)))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.said():
            self.add_error("paper", "Chọn lý do, hoặc ghi tên giấy tờ ở ô bên.")
        return cleaned


class ExclusionForm(forms.Form):
    reason = forms.ChoiceField(label="Lý do", choices=REASONS, widget=forms.RadioSelect)
    document = forms.CharField(
        label="Giấy tờ hoặc ghi chú làm căn cứ",
        max_length=200,
        help_text="Ví dụ: Trích lục khai tử số 12/2023; biên bản thôn ngày 05/10/2023.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReadmitForm(forms.Form):
    reason = forms.CharField(label="Lý do đưa trở lại sổ", max_length=200, widget=forms.TextInput)


class ExportForm(forms.Form):
    kind = forms.ChoiceField(label="Danh sách", choices=ListKind.choices, widget=forms.RadioSelect)
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Xã, thị trấn", to_field_name="code", required=False, empty_label="cả huyện"
    )
    village = forms.ChoiceField(label="Bản, tiểu khu", required=False)

    def __init__(self, *args: Any, communes: list[Commune], villages: list[str], **kwargs: Any) -> None:
        """`villages`: those of the user's own commune; who has the whole district chooses none."""
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["village"]
        choices.choices = [("", "mọi bản"), *((name, name) for name in villages)]
        if not villages:
            del self.fields["village"]
        commune: Any = self.fields["commune"]
        commune.queryset = Commune.objects.filter(pk__in=[c.pk for c in communes])
        if len(communes) == 1:
            commune.required, commune.empty_label, commune.initial = True, None, communes[0].code


class TakeBackForm(forms.Form):
    file = forms.FileField(label="Tệp đã sửa")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_MB << 20:
            raise forms.ValidationError(
                f"Tệp nặng {file.size >> 20} MB; hệ thống chỉ nhận tệp đến {settings.MAX_UPLOAD_MB} MB."
            )
        return file


class PersonForm(forms.Form):
    """A new person. Only who it is and where; a newborn may have neither name nor number nor father yet."""

    full_name = forms.CharField(
        label="Họ và tên", required=False, max_length=200, help_text="Trẻ chưa đặt tên thì để trống."
    )
    birth_date = forms.CharField(
        label="Ngày sinh", required=False, max_length=20, help_text="ngày/tháng/năm, ví dụ 05/10/2023"
    )
    sex = forms.ChoiceField(
        label="Giới tính", required=False, choices=[("Nam", "Nam"), ("Nữ", "Nữ")], widget=forms.RadioSelect
    )
    ethnic_group = forms.CharField(label="Dân tộc", required=False, max_length=60)
    personal_number = forms.CharField(
        label="Số định danh", required=False, max_length=30, help_text="12 chữ số; chưa có thì để trống, công an cấp."
    )
    category = forms.CharField(label="Loại đối tượng", required=False, max_length=300)
    father_name = forms.CharField(label="Họ tên cha", required=False, max_length=200)
    mother_name = forms.CharField(label="Họ tên mẹ", required=False, max_length=200)
    guardian_name = forms.CharField(label="Người giám hộ", required=False, max_length=200)
    payee_name = forms.CharField(label="Người nhận thay", required=False, max_length=200)
    commune = forms.ChoiceField(label="Xã, thị trấn")
    village = forms.CharField(label="Bản, tiểu khu", required=False, max_length=100)
    permanent_address = forms.CharField(label="Nơi thường trú", required=False, max_length=300)
    paper = forms.ChoiceField(label="Theo giấy tờ nào", choices=[(p, p) for p in (*PAPERS, NO_PAPER)])
    checked = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    ABOUT_THE_FORM = ("paper", "checked", "once")
    OF_CHILDREN = ("father_name", "mother_name", "guardian_name")
    OF_BENEFICIARIES = ("category", "payee_name")

    def __init__(self, *args: Any, left_out: frozenset[str], communes: list[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in left_out & set(self.fields):
            del self.fields[key]
        commune: Any = self.fields["commune"]
        commune.choices = [(c.name, c.name) for c in communes]
        for key, field in self.fields.items():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs |= {"autocomplete": "off"}
            if key in ("ethnic_group", "village", "category"):
                field.widget.attrs["list"] = f"{key}_choices"

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by field key."""
        return {key: text for key, text in self.cleaned_data.items() if key not in self.ABOUT_THE_FORM}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(key) for key in ("full_name", *self.OF_CHILDREN)):
            self.add_error("full_name", "Chưa biết là ai: ghi họ tên, hoặc họ tên cha, mẹ của trẻ chưa đặt tên.")
        return cleaned
