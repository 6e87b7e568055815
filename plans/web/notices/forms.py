"""How a person wants to be told, kind by kind."""

from typing import Any

from django import forms

from plans.notices.choices import Way
from plans.notices.enums import Mail, NoticeKind


class WaysForm(forms.Form):
    """Two fields for each kind: whether it shows in the program, and when it comes by e-mail."""

    def __init__(self, *args: Any, ways: list[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [way.kind for way in ways]
        for way in ways:
            label = way.kind.label
            self.fields[f"hien-{way.kind}"] = forms.BooleanField(
                label=f"Hiện trong chương trình: {label}", required=False, initial=way.in_app
            )
            self.fields[f"thu-{way.kind}"] = forms.ChoiceField(
                label=f"Thư điện tử: {label}",
                choices=Mail.choices,
                initial=way.mail,
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"invalid_choice": "Hãy chọn một trong các cách gửi thư."},
            )

    def rows(self) -> list[tuple[NoticeKind, forms.BoundField, forms.BoundField]]:
        """Return kind and its two fields, in the order of the kinds."""
        return [(kind, self[f"hien-{kind}"], self[f"thu-{kind}"]) for kind in self.kinds]

    def chosen(self) -> dict[NoticeKind, Way]:
        """Return what was chosen, by kind; for a valid form."""
        return {
            kind: Way(
                kind, self.cleaned_data[f"hien-{kind}"], Mail(self.cleaned_data[f"thu-{kind}"])
            )
            for kind in self.kinds
        }
