"""What the rules found in a plan, as pages show it: ordered, counted, by page of the editor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of

from plans.checking.catalogue import RULES
from plans.checking.context import CheckedPlan
from plans.checking.enums import Grade
from plans.checking.findings import MISSING, Finding, Found, Rule
from plans.planning.form import SectionSpec
from plans.planning.progress import Fill, Gap, PageProgress

_NAMES = tuple(field.name for field in fields_of(Found))


def find(checked: CheckedPlan, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Return what `rules` find in a loaded plan: errors, warnings, hints, each in page order. No query."""
    pages = {page.key: place for place, page in enumerate(checked.pages)}
    rows = {action.pk: place for place, action in enumerate(checked.actions)}
    found = [_graded(one, rule) for rule in rules for one in rule.look(checked)]
    return tuple(
        sorted(
            found,
            key=lambda f: (
                f.grade.rank,
                pages.get(f.page, len(pages)),
                rows.get(f.action or 0, -1),
            ),
        )
    )


def _graded(found: Found, rule: Rule) -> Finding:
    values = {name: getattr(found, name) for name in _NAMES}
    return Finding(**values, rule=rule.key, grade=rule.grade)


def counts_in_words(findings: Iterable[Finding]) -> str:
    """Return "2 lỗi, 3 cảnh báo, 1 gợi ý" without the grades of which there is none; "" for no finding."""
    counts = Counter(finding.grade for finding in findings)
    return ", ".join(f"{counts[g]} {g.label.lower()}" for g in Grade if counts[g])


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """One page of the editor with what is filled of it and what was found on it."""

    progress: PageProgress
    findings: tuple[Finding, ...]

    @property
    def section(self) -> SectionSpec:
        """The top section of the form."""
        return self.progress.section

    @property
    def key(self) -> str:
        """The page's key in its address."""
        return self.progress.key

    @property
    def title(self) -> str:
        """The page's name with its printed number."""
        return self.progress.title

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing on the page."""
        return self.progress.gaps

    @property
    def fill(self) -> Fill:
        """How far the page is filled."""
        return self.progress.fill

    @property
    def other_errors(self) -> int:
        """How many errors there are beside what is missing, which `progress` counts itself."""
        return sum(f.grade is Grade.ERROR and f.rule != MISSING for f in self.findings)

    @property
    def words(self) -> str:
        """How far the page is filled and what else was found, for the side list."""
        others = [f for f in self.findings if f.rule != MISSING and f.grade is not Grade.HINT]
        told = counts_in_words(others)
        return f"{self.progress.words}, {told}" if told else self.progress.words

    @property
    def heading(self) -> str:
        """The heading of the page's own panel."""
        return f"Mục này còn {counts_in_words(self.findings)}"

    @property
    def has_errors(self) -> bool:
        """Say whether something on the page keeps the plan from being finished."""
        return any(finding.grade is Grade.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class PlanReport:
    """Everything that was found in a plan, and its pages."""

    checked: CheckedPlan
    findings: tuple[Finding, ...]
    pages: tuple[CheckedPage, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the plan from being finished."""
        return tuple(f for f in self.findings if f.grade is Grade.ERROR)

    @property
    def heading(self) -> str:
        """The heading of the check page."""
        if not self.findings:
            return "Không còn lỗi"
        told = f"Còn {counts_in_words(self.findings)}"
        return told if self.errors else f"Không còn lỗi. {told} để thầy cô xem lại"

    @property
    def next_finding(self) -> Finding | None:
        """The first error, None when nothing keeps the plan from being finished."""
        return next(iter(self.errors), None)

    def cell_notes(self) -> Mapping[tuple[int, str], list[Finding]]:
        """Return (row, field) → what was found in that very cell; an empty cell says so by itself."""
        notes: dict[tuple[int, str], list[Finding]] = {}
        for finding in self.findings:
            if finding.action is not None and finding.note:
                notes.setdefault((finding.action, finding.field), []).append(finding)
        return notes


def report(checked: CheckedPlan) -> PlanReport:
    """Return what all rules find in a loaded plan, with its pages. No query."""
    findings = find(checked)
    return PlanReport(checked, findings, tuple(_pages(checked, findings)))


def _pages(checked: CheckedPlan, findings: tuple[Finding, ...]) -> Iterator[CheckedPage]:
    for page in checked.pages:
        yield CheckedPage(page, tuple(f for f in findings if f.page == page.key))
