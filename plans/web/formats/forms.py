"""Forms of the pages on forms and layouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.db.models import QuerySet

from plans.documents.style import Layout
from plans.formats.form_copies import FORM_LINES, LABELS, Place, column_steps, places
from plans.formats.layout_rules import Measure, layout_rules, measures_of
from plans.planning.models import PlanForm
from plans.schools.models import ManagingBody
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


# --- copies of forms --------------------------------------------------------------------------------------

LINE_LENGTH = 1000
TEXT_LENGTH = 20_000
_ROWS = {"title": 2, "label": 2, "hint": 4, "text": 6, "example": 4}


class LinesField(forms.CharField):
    """Words of a form, one paragraph a line; empty lines mean nothing."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": rows, "class": f"kcl-doc kcl-rows-{rows}"})
        super().__init__(
            widget=area,
            required=False,
            max_length=TEXT_LENGTH,
            error_messages={"max_length": f"Ô này dài quá {TEXT_LENGTH} chữ. Hãy rút gọn."},
            **kwargs,
        )
        self.validators = [
            v for v in self.validators if type(v).__name__ != "ProhibitNullCharactersValidator"
        ]

    def to_python(self, value: Any) -> str:
        """Return the lines that hold something, joined by line breaks."""
        text = super().to_python(value) or ""
        lines = (line.strip() for line in text.replace("\x00", "").splitlines())
        return "\n".join(line for line in lines if line)


class WidthField(forms.FloatField):
    """A column's share of the table's width, typed with a comma or a point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "kcl-num"}),
            error_messages={"required": _NUMBER, "invalid": _NUMBER},
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Return the number, written 12,7 or 12.7; None for nothing."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """Return the number as people here write it."""
        return _said(float(value)) if isinstance(value, int | float) else value


class OffField(forms.BooleanField):
    """A box to tick for what is switched off."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.CheckboxInput(attrs={"class": "form-check-input"})
        super().__init__(required=False, widget=box, **kwargs)


@dataclass(frozen=True, slots=True)
class ColumnFields:
    """The fields of one column of a draft; `path` names it to the buttons that move it, up or down."""

    path: str
    title: forms.BoundField
    width: forms.BoundField
    off: forms.BoundField
    up: bool
    down: bool


@dataclass(frozen=True, slots=True)
class SectionFields:
    """The fields of one section of a draft: its texts, whether it is off, its columns."""

    place: Place
    texts: list[forms.BoundField]
    off: forms.BoundField
    columns: list[ColumnFields]


class DraftForm(forms.Form):
    """A whole draft at once, so that saving one section loses nothing that was typed in another."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    title = forms.CharField(
        label="Tên mẫu",
        max_length=200,
        error_messages={
            "required": "Hãy ghi tên mẫu.",
            "max_length": "Tên mẫu dài nhất là 200 chữ.",
            "null_characters_not_allowed": "Ô này có ký tự không đọc được. Đề nghị gõ lại.",
        },
    )

    def __init__(self, *args: Any, draft: PlanForm, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": draft.version, "title": draft.title}
        super().__init__(*args, **kwargs)
        self.places = list(places(draft.data))
        for name in FORM_LINES:
            self._add((name,), LinesField(label=LABELS[name], rows=2), "\n".join(draft.data[name]))
        for place in self.places:
            self._add_section(place)

    def _add(self, path: tuple[str, ...], field: forms.Field, initial: Any) -> None:
        self.fields["-".join(path)] = field
        self.initial["-".join(path)] = initial

    def _add_section(self, place: Place) -> None:
        key = place.section["key"]
        for name in place.texts:
            field = LinesField(label=LABELS[name], rows=_ROWS.get(name, 1))
            self._add((key, name), field, place.section.get(name, ""))
        off = OffField(label="Tắt mục này")
        self._add((key, "off"), off, place.section.get("off", False))
        for column in place.section.get("columns", ()):
            path, about = (key, column["key"]), f"cột “{column['title']}”"
            title = LinesField(label=f"Tiêu đề {about}", rows=2)
            self._add((*path, "title"), title, column["title"])
            self._add((*path, "width"), WidthField(label=f"Bề rộng {about}"), column["width"])
            off = OffField(label=f"tắt {about}")
            self._add((*path, "off"), off, column.get("off", False))

    def whole(self) -> list[forms.BoundField]:
        """Return the fields of the form as a whole."""
        return [self[name] for name in ("title", *FORM_LINES)]

    def sections(self) -> list[SectionFields]:
        """Return the fields of each section in printed order."""
        return [
            SectionFields(
                place,
                [self[f"{place.section['key']}-{name}"] for name in place.texts],
                self[f"{place.section['key']}-off"],
                [
                    self._column(place.section, column, *steps)
                    for column, steps in zip(
                        place.section.get("columns", ()), column_steps(place.section), strict=True
                    )
                ],
            )
            for place in self.places
        ]

    def _column(self, section: Any, column: Any, up: bool, down: bool) -> ColumnFields:
        path = f"{section['key']}-{column['key']}"
        title, width, off = (self[f"{path}-{name}"] for name in ("title", "width", "off"))
        return ColumnFields(path, title, width, off, up, down)

    def edits(self) -> dict[tuple[str, ...], Any]:
        """Return what was typed, as `form_copies.edited` takes it."""
        values = {tuple(name.split("-")): v for name, v in self.cleaned_data.items()}
        lines = {(name,): values[name,].split("\n") for name in FORM_LINES}
        return {path: v for path, v in values.items() if len(path) > 1} | lines


class BodyChoiceField(forms.ModelChoiceField):
    """A choice of bodies by name."""

    def label_from_instance(self, obj: ManagingBody) -> str:
        """Return the body's name."""
        return obj.name


class InForceForm(forms.Form):
    """For whose schools a form is to hold, and from when."""

    def __init__(
        self, *args: Any, bodies: QuerySet[ManagingBody], everybody: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"] = BodyChoiceField(
            label="Áp dụng cho các trường thuộc",
            queryset=bodies,
            required=not everybody,
            empty_label="Mọi trường" if everybody else "Hãy chọn cơ quan",
            error_messages={
                "required": "Hãy chọn cơ quan.",
                "invalid_choice": "Cơ quan này không có trong danh sách. Hãy chọn lại.",
            },
        )
        self.fields["valid_from"] = DayField(
            label="Áp dụng từ ngày",
            help_text="Kế hoạch của năm học bắt đầu từ ngày ấy trở đi lấy mẫu này.",
        )
        self.helper = form_helper("body", "valid_from")
