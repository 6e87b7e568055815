"""Forms of the plan pages; what they name is narrowed to the plan they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms

from criteria.enums import Level
from criteria.models import Criterion
from plans.phrases.money import read_money
from plans.phrases.sources import SOURCES
from plans.planning.form import ColumnSpec, Grouping, Options, SectionSpec
from plans.planning.models import (
    CELL_LIMIT,
    TEXT_LIMIT,
    FormInForce,
    Plan,
    PlanAction,
    PlanForm,
    PlanRow,
)
from plans.planning.progress import field_label
from plans.planning.readings import FIELDS as READ_FIELDS
from plans.planning.results import framework_tree
from plans.planning.tables import fixed_cells
from plans.schools.models import School, SchoolYear
from plans.web.layout import form_helper
from plans.web.planning.understood import field_readings

# Fields that hold more than a line; the others are one line high until more is typed.
_TALL = {"current_state": 3, "target_result": 3, "measures": 4, "subject": 2, "success_measures": 3}
_CHOOSE = "Điều đã chọn không có trong danh sách. Hãy chọn lại."
_HALF_WIDTH = frozenset(
    {
        "current_state",
        "target_result",
        "lead",
        "partners",
        "timeframe",
        "budget_text",
        "other_support",
        "remarks",
        "resources",
        "expected_evidence",
        "success_measures",
        "progress",
    }
)


_READ_FIELD = "plans/planning/_read_field.html"


class VersionField(forms.IntegerField):
    """The version that the page showed; 0 where there was no row yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, **kwargs)


class TypedTextField(forms.CharField):
    """Words kept to the letter: no stripping, no refusal but for a text past the limit."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "required": False,
            "strip": False,
            "max_length": CELL_LIMIT,
            "error_messages": {
                "max_length": "Ô này dài quá %(limit_value)d chữ (đang có %(show_value)d). Hãy chia bớt ra."
            },
        }
        super().__init__(**(defaults | kwargs))
        # A NUL cannot be printed or stored; it is dropped with a person's other slips, not refused.
        self.validators = [v for v in self.validators if not _refuses_nul(v)]

    def to_python(self, value: Any) -> str:
        """Return the text with the line ends of the web brought to one."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\x00", "")


def _refuses_nul(validator: Any) -> bool:
    return type(validator).__name__ == "ProhibitNullCharactersValidator"


class TextForm(forms.Form):
    """One section of text."""

    version = VersionField()
    body = TypedTextField(max_length=TEXT_LIMIT)


class ResultForm(forms.Form):
    """The level one criterion reached; only levels that it has can be chosen."""

    version = VersionField()

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"] = forms.TypedChoiceField(
            choices=level_choices(criterion), coerce=int, empty_value=None, required=False
        )


def level_choices(criterion: Criterion) -> list[tuple[str, str]]:
    """Return what can be said of a criterion: chưa đánh giá, không đạt, each level that it has."""
    return [
        ("", "Chưa đánh giá"),
        ("0", Level.NOT_MET.label),
        *((str(n), Level(n).label) for n in criterion.level_numbers),
    ]


class ActionForm(forms.Form):
    """One action of the table, with the fields that the plan's form prints, in its order."""

    version = VersionField()

    def __init__(
        self, *args: Any, plan: Plan, section: SectionSpec, action: PlanAction, **kwargs: Any
    ):
        initial = {name: getattr(action, name) for name in section.fields}
        initial |= {"version": action.version, "criterion": action.criterion_id}
        initial |= {"levels": [str(n) for n in action.levels]}
        kwargs |= {"initial": initial, "auto_id": f"id_{action.pk}_%s"}
        super().__init__(*args, **kwargs)
        self.criteria = {c.pk: c for c in framework_tree(plan).all_criteria()}
        optional = "" if "criterion" in section.required_fields else " (không bắt buộc, không in)"
        self.fields["criterion"] = forms.TypedChoiceField(
            label=f"Tiêu chuẩn, tiêu chí{optional}",
            error_messages={"invalid_choice": _CHOOSE},
            choices=self._criterion_choices(plan),
            coerce=int,
            empty_value=None,
            required=False,
        )
        if section.bands:
            self.fields["levels"] = forms.TypedMultipleChoiceField(
                label="Mức hướng tới",
                error_messages={"invalid_choice": _CHOOSE, "invalid_list": _CHOOSE},
                choices=[(str(n), f"Mức {n}") for n in range(1, plan.framework.max_level + 1)],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for name in section.fields:
            self.fields[name] = _action_field(name, section)
        self.readings = list(field_readings(action, section))
        for reading in self.readings:
            told = self.fields[reading.field]
            told.reading = reading  # type: ignore[attr-defined]  # its template shows it below the field
            told.widget.attrs["aria-describedby"] = reading.anchor
        self.helper = _row_helper(section)

    def _criterion_choices(self, plan: Plan) -> list[tuple[str, Any]]:
        groups = [
            (standard.label, [(str(c.pk), c.label) for c in standard.criteria.all()])
            for standard in framework_tree(plan).standards.all()
        ]
        return [("", "Chưa chọn tiêu chí"), *groups]

    def values(self) -> dict[str, Any]:
        """Return the cleaned values under the action's field names."""
        values = {k: v for k, v in self.cleaned_data.items() if k not in {"version", "levels"}}
        values["criterion"] = self.criteria.get(self.cleaned_data["criterion"])
        if "levels" in self.fields:
            values["band"] = ",".join(map(str, sorted(self.cleaned_data["levels"])))
        return values


def _action_field(name: str, section: SectionSpec) -> forms.Field:
    label = field_label(name, section)
    if name == "progress":
        return forms.ChoiceField(
            label=label,
            choices=[("", "Chưa ghi"), *PlanAction.Progress.choices],
            required=False,
            error_messages={"invalid_choice": _CHOOSE},
        )
    rows = _TALL.get(name, 1)
    return TypedTextField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows, "class": f"kcl-doc kcl-rows-{rows}"}),
    )


def _row_helper(section: SectionSpec) -> FormHelper:
    criterion = [Div(Field("criterion", css_class="kcl-doc"), css_class="c12 c-criterion")]
    if section.bands:
        criterion.append(Div("levels", css_class="c12 kcl-levels"))
    texts = [
        Div(
            Field(name, template=_READ_FIELD) if name in READ_FIELDS else Field(name),
            css_class=width,
        )
        for name, width in _widths(section.fields)
    ]
    # Where the rows are not grouped by it, the criterion is an aside below what the row is about.
    first = 0 if section.grouping is Grouping.STANDARD else 1
    parts = [*texts[:first], *criterion, *texts[first:]]
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*parts)
    return helper


def _widths(fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each field with its width: half of the row for a short one that has a neighbour, else the whole."""
    for half, run in groupby(fields, key=_HALF_WIDTH.__contains__):
        names = list(run)
        yield from ((name, "c6" if half and len(names) > 1 else "c12") for name in names)


class TimeReadingForm(forms.Form):
    """How a time is meant: its first and last day, either of which may be left open."""

    start = forms.DateField(required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    end = forms.DateField(required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("start", "Từ ngày"), ("end", "Đến hết ngày")):
            self.fields[name].label = label
            self.fields[name].error_messages["invalid"] = (
                "hãy ghi ngày, tháng, năm, ví dụ 31/12/2026."
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a span without any day, one of another century, and one that ends before it begins."""
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if not self.errors and start is None and end is None:
            raise forms.ValidationError("Hãy ghi ít nhất một trong hai ngày.")
        # A slip of the hand in the year; the totals would count each year up to it.
        if any(day and not 2000 <= day.year < 2100 for day in (start, end)):
            raise forms.ValidationError("Năm phải từ 2000 đến 2099.")
        if start and end and end < start:
            raise forms.ValidationError("Ngày cuối không được trước ngày đầu.")
        return values


class MoneyReadingForm(forms.Form):
    """How a sum is meant: bounds typed as people type money ("30 triệu"), for each year or once, its source."""

    min = forms.CharField(label="Ít nhất", required=False, max_length=100)
    max = forms.CharField(label="Nhiều nhất", required=False, max_length=100)
    per_year = forms.BooleanField(required=False)
    source = forms.ChoiceField(
        label="Nguồn",
        required=False,
        choices=[("", ""), *SOURCES.items()],
        error_messages={"invalid_choice": _CHOOSE},
    )

    def clean(self) -> dict[str, Any]:
        """Return the correction as `readings.corrected` takes it. Refuses what is no sum of money."""
        values: dict[str, Any] = super().clean() or {}
        bounds = {name: self._dong(name) for name in ("min", "max")}
        if self.errors:
            return values
        least = bounds["min"] if bounds["min"] is not None else bounds["max"]
        most = bounds["max"] if bounds["max"] is not None else bounds["min"]
        if least is None or most is None:
            raise forms.ValidationError("Hãy ghi số tiền, ví dụ 30 triệu.")
        if most < least:
            raise forms.ValidationError("Số nhiều nhất không được nhỏ hơn số ít nhất.")
        source = values.get("source")
        return {
            "min": least,
            "max": most,
            "per_year": values["per_year"],
            "sources": [source] if source else [],
        }

    def _dong(self, name: str) -> int | None:
        """Return a bound in đồng, None where nothing was typed."""
        typed = self.cleaned_data.get(name, "")
        reading = read_money(typed)
        if not typed or reading.max is not None:
            return reading.max if typed else None
        self.add_error(name, "chưa đọc được số tiền này, hãy ghi như 30 triệu hoặc 30.000.000.")
        return None


class RowForm(forms.Form):
    """One row of a small table: a field for each column in which people type, under the column's key.

    `pickers` are the lists that a field offers beside typing: (id of the list, what it holds).
    """

    version = VersionField()

    def __init__(self, *args: Any, table: SectionSpec, row: PlanRow, **kwargs: Any):
        columns = [c for c in table.typed_columns if c.key not in fixed_cells(table, row)]
        initial: dict[str, Any] = {column.key: row.text(column.key) for column in columns}
        kwargs |= {
            "initial": initial | {"version": row.version},
            "auto_id": f"id_dong{row.pk}_%s",
        }
        super().__init__(*args, **kwargs)
        self.pickers: list[tuple[str, list[str]]] = []
        for column in columns:
            self.fields[column.key] = self._field(column, row)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        last = columns[-1] if len(columns) % 2 else None  # an odd one out takes the whole width
        widths = ["c12" if column is last else "c6" for column in columns]
        parts = zip(columns, widths, strict=True)
        self.helper.layout = Layout(*(Div(Field(c.key), css_class=width) for c, width in parts))

    def _field(self, column: ColumnSpec, row: PlanRow) -> forms.Field:
        if column.options is None:
            area = forms.Textarea(attrs={"rows": 3, "class": "kcl-doc kcl-rows-3"})
            return TypedTextField(label=column.title, widget=area)
        name = f"ds-{row.pk}-{column.key}"
        self.pickers.append((name, _offered(row.plan, column.options)))
        line = forms.TextInput(attrs={"list": name, "class": "kcl-doc", "autocomplete": "off"})
        return TypedTextField(
            label=column.title, widget=line, help_text="Chọn trong danh sách hoặc gõ."
        )

    def values(self) -> dict[str, str]:
        """Return what was typed, by column."""
        return {name: text for name, text in self.cleaned_data.items() if name != "version"}


def _offered(plan: Plan, options: Options) -> list[str]:
    framework = framework_tree(plan)
    match options:
        case Options.STANDARDS:
            return [standard.label for standard in framework.standards.all()]
        case Options.CRITERIA:
            return [criterion.label for criterion in framework.all_criteria()]


class LinesChoiceField(forms.ChoiceField):
    """A choice whose value may have several lines: a browser without script sends them with CR LF."""

    def to_python(self, value: Any) -> str:
        """Return the value with the line ends that the choices have."""
        return super().to_python(value).replace("\r\n", "\n")


class HeadingForm(forms.ModelForm):
    """Month and signer of the document; number and date come from the register at issue."""

    version = VersionField()
    signer_name = TypedTextField(label="Họ và tên người ký", max_length=120, widget=forms.TextInput)
    document_month = forms.DateField(
        label="Tháng, năm trên văn bản",
        required=False,
        input_formats=["%m/%Y", "%Y-%m"],
        widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%m/%Y"),
        help_text="Ví dụ 09/2025. Khi chưa rõ ngày ban hành, bản in chừa trống ngày để ghi tay.",
        error_messages={"invalid": "Hãy ghi tháng và năm, ví dụ 09/2025."},
    )

    class Meta:
        model = Plan
        fields = ["document_month", "signing_capacity", "signer_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance
        self.initial["version"] = plan.version
        capacities = [(c, c.replace("\n", " – ")) for c in plan.spec.signing_capacities]
        if plan.signing_capacity and plan.signing_capacity not in plan.spec.signing_capacities:
            capacities.insert(
                0, (plan.signing_capacity, plan.signing_capacity.replace("\n", " – "))
            )
        self.fields["signing_capacity"] = LinesChoiceField(
            label="Quyền hạn, chức vụ của người ký",
            choices=capacities,
            required=False,
            error_messages={"invalid_choice": _CHOOSE},
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div(
                Div(Field("signing_capacity", css_class="kcl-doc"), css_class="c6"),
                Div(Field("signer_name", css_class="kcl-doc"), css_class="c6"),
                Div(Field("document_month", css_class="kcl-doc"), css_class="c4"),
                css_class="kcl-rowform",
            )
        )


class PlanFormField(forms.ModelChoiceField):
    """A choice of plan forms, each with the school years that it is made for."""

    def label_from_instance(self, obj: PlanForm) -> str:
        """Return the form's title and its school years."""
        return f"{obj.title} – dùng cho {obj.span}"


class PlanAddForm(forms.Form):
    """A new plan of a school: the year, and the form when there is a choice."""

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        offered = PlanForm.objects.offered_to(school)
        self.fields["school_year"] = forms.ModelChoiceField(
            label="Năm học",
            queryset=SchoolYear.objects.exclude(plans__school=school),
            empty_label=None,
            help_text="Mỗi năm học trường có một kế hoạch; năm đã có kế hoạch không hiện ở đây.",
            error_messages={
                "required": "Hãy chọn năm học.",
                "invalid_choice": "Năm học này đã có kế hoạch hoặc không có trong danh sách. Hãy chọn lại.",
            },
        )
        self.fields["form"] = PlanFormField(
            label="Mẫu kế hoạch",
            queryset=offered,
            required=False,
            empty_label="Mẫu dành cho năm học đã chọn (nên dùng)",
            help_text="Chỉ chọn mẫu khác khi cơ quan quản lý yêu cầu.",
            error_messages={"invalid_choice": "Mẫu này không có trong danh sách. Hãy chọn lại."},
        )
        if offered.count() == 1:  # nothing to choose, so nothing to ask
            self.fields["form"].widget = forms.HiddenInput()
            self.initial["form"] = offered.get()
        self.helper = form_helper("school_year", "form")

    def clean(self) -> dict[str, Any]:
        """Return the cleaned values, with the form made for the year where none was chosen."""
        values = super().clean() or self.cleaned_data
        year = values.get("school_year")
        if year and not values.get("form") and "form" not in self.errors:
            values["form"] = PlanForm.objects.to_take(year, self.school)
            if values["form"] is None:
                raise forms.ValidationError("Chương trình chưa có mẫu kế hoạch nào.")
        chosen = values.get("form")
        if year and chosen and not self._holds_by_then(chosen, year):
            self.add_error("form", "Mẫu này chưa áp dụng cho năm học đã chọn. Hãy chọn lại.")
        return values

    def warnings(self) -> tuple[str, ...]:
        """Return what is doubtful about the form that a valid form asks for.

        That it is not made for the year, or else that the school's bodies have put another one in force for it.
        """
        year, chosen = self.cleaned_data["school_year"], self.cleaned_data["form"]
        decided = FormInForce.objects.deciding(self.school, year)
        if chosen.warnings_for(year) or decided is None or decided.form == chosen:
            return tuple(chosen.warnings_for(year))
        return (
            f"Cơ quan quản lý đang áp dụng mẫu “{decided.form.title}” cho năm học {year.label}; kế hoạch này "
            f"được lập theo mẫu “{chosen.title}”. Thầy cô hỏi cơ quan quản lý trước khi trình.",
        )

    def _holds_by_then(self, chosen: PlanForm, year: SchoolYear) -> bool:
        """Say whether the school may write the plan of `year` in the form."""
        return PlanForm.objects.offered_to(self.school, year).contains(chosen)
