"""Forms of the pages on forms and layouts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms

from plans.documents.style import Layout
from plans.formats.layout_rules import Measure, layout_rules, measures_of
from plans.web.layout import form_helper

_NUMBER = "Hãy ghi một số, ví dụ 13 hoặc 12,7."


class DayField(forms.DateField):
    """A day as people write it: 05/09/2026."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%d/%m/%Y"),
            error_messages={
                "invalid": "Hãy ghi ngày, tháng, năm, ví dụ 05/09/2026.",
                "required": "Hãy ghi ngày bắt đầu áp dụng.",
            },
            **kwargs,
        )


class MeasureField(forms.FloatField):
    """One measure, typed with a comma or a point; its range is asked of the layout's rules, not here."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(
            label=f"{measure.label} ({measure.unit})",
            help_text=f"Từ {_said(measure.low)} đến {_said(measure.high)} {measure.unit}.",
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"required": _NUMBER, "invalid": _NUMBER},
        )

    def to_python(self, value: Any) -> Any:
        """Return the number, written 12,7 or 12.7; None for nothing."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """Return the number as people here write it."""
        return _said(value) if isinstance(value, float) else value


def _said(number: float) -> str:
    return f"{number:g}".replace(".", ",")


class LayoutForm(forms.Form):
    """The measures of a layout, and the day from which they hold."""

    def __init__(self, *args: Any, layout: Layout, **kwargs: Any) -> None:
        kwargs["initial"] = measures_of(layout) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for measure in layout_rules().measures:
            self.fields[measure.name] = MeasureField(measure)
        self.fields["valid_from"] = DayField(
            label="Áp dụng từ ngày",
            help_text="Văn bản đề ngày ấy hoặc muộn hơn in theo thể thức này; văn bản đề ngày sớm hơn giữ "
            "thể thức cũ.",
        )
        self.helper = form_helper(*self._blocks())

    def _blocks(self) -> Iterator[Any]:
        for group in layout_rules().groups:
            yield HTML(f"<h2>{group.title}</h2>")
            parts = [Div(measure.name, css_class="c4") for measure in group.measures]
            yield Div(*parts, css_class="kcl-rowform")
        yield HTML("<h2>Ngày áp dụng</h2>")
        yield "valid_from"

    def values(self) -> dict[str, float]:
        """Return the measures by name."""
        return {k: v for k, v in self.cleaned_data.items() if k != "valid_from"}
