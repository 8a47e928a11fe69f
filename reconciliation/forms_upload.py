"""Forms of the upload pages."""

from __future__ import annotations

from typing import Any

from django import forms

from campaigns.models import Commune


class BuildForm(forms.Form):
    """Which people, and whether those who are as the export had them go along."""

    commune = forms.ModelChoiceField(queryset=Commune.objects.none(), required=False, to_field_name="code")
    only_changed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, communes: list[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Commune.objects.filter(pk__in=[commune.pk for commune in communes])
        self.fields["commune"].queryset = own  # type: ignore[attr-defined]
