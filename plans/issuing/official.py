"""Nghị định 30/2020/NĐ-CP before issue: is the head right on that day, may this person sign so, who receives it.

A pure reading of loaded rows; what it calls an error keeps the plan from being issued. The words that it looks
for are data: `fixtures/issuing/official.json` and the vocabulary of the checks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from plans.accounts.roles import Role
from plans.checking.context import Member, same_person
from plans.checking.enums import Grade
from plans.checking.vocabulary import vocabulary
from plans.documents.parts import plain
from plans.documents.tree import Document, ItemList, Paragraph, SignBlock
from plans.planning.models import Plan
from plans.schools.letterhead import letterhead
from plans.text import fold, nfc

PATH = Path(__file__).resolve().parents[2] / "fixtures" / "issuing" / "official.json"


@dataclass(frozen=True, slots=True)
class OfficialFinding:
    """One thing that is not as the decree wants it: how much it weighs, what is so, what to do about it.

    `what` and `step` are clauses without a full stop; the step goes on after "Bước tiếp theo:".
    """

    grade: Grade
    what: str
    step: str

    @property
    def sentence(self) -> str:
        """What is so, as a sentence of its own."""
        return f"{self.what}."


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be issued: the plan with its date, number, capacity and signer set, and its tree.

    `members` are the school's people with their roles by date, `last_date` is the date of the document that
    bears the last number of the register, None for the first of the year.
    """

    plan: Plan
    tree: Document
    members: tuple[Member, ...]
    today: date
    last_date: date | None

    @property
    def on(self) -> date:
        """The date that the document will bear."""
        return self.plan.names_on


def official_findings(draft: Draft) -> tuple[OfficialFinding, ...]:
    """Return what the decree finds wrong with the document, errors first. No query on a loaded draft."""
    rules = (_head, _number, _dates, _signer, _capacity, _signer_name, _recipients, _end_mark)
    found = [finding for rule in rules for finding in rule(draft)]
    return tuple(sorted(found, key=lambda finding: finding.grade.rank))


def _error(what: str, step: str) -> OfficialFinding:
    return OfficialFinding(Grade.ERROR, what, step)


def _warning(what: str, step: str) -> OfficialFinding:
    return OfficialFinding(Grade.WARNING, what, step)


# --- head, number, dates ----------------------------------------------------------------------------------


def _head(draft: Draft) -> Iterator[OfficialFinding]:
    """Yield what is wrong with cơ quan chủ quản, tên trường and địa danh on the document's date."""
    lines = letterhead(draft.plan.school, draft.on)
    for sentence in lines.warnings:
        what, _, _advice = sentence.rstrip(".").partition(". ")
        made = _error if sentence in lines.faults else _warning
        yield made(what, "báo người quản trị sửa hồ sơ trường")


def _number(draft: Draft) -> Iterator[OfficialFinding]:
    if not draft.plan.school.symbol.strip():
        yield _error(
            "Hồ sơ trường chưa ghi chữ viết tắt trong ký hiệu văn bản",
            "báo người quản trị bổ sung hồ sơ trường",
        )


def _dates(draft: Draft) -> Iterator[OfficialFinding]:
    """Yield a date in the future, before the last number's, or before the words were finished."""
    on, finished = draft.on, draft.plan.finished_at
    if on > draft.today:
        yield _error(
            f"Ngày ban hành {_day(on)} ở sau ngày hôm nay", "ghi ngày hôm nay hoặc ngày trước đó"
        )
    if draft.last_date is not None and on < draft.last_date:
        yield _warning(
            f"Ngày ban hành {_day(on)} ở trước ngày {_day(draft.last_date)} của văn bản mang số liền trước",
            "ghi lại ngày, hoặc dùng số có chữ cái, ví dụ 20a",
        )
    if finished is not None and on < timezone.localdate(finished):
        yield _warning(
            f"Ngày ban hành {_day(on)} ở trước ngày soạn xong {_day(timezone.localdate(finished))}",
            "kiểm tra lại ngày ban hành",
        )


# --- signer -----------------------------------------------------------------------------------------------


def _signer(draft: Draft) -> Iterator[OfficialFinding]:
    if not _holds(draft, Role.PRINCIPAL) and not _holds(draft, Role.VICE_PRINCIPAL):
        name = draft.plan.signer_name or "chưa ghi tên"
        yield _error(
            f"Người ký ({name}) không giữ chức hiệu trưởng hay phó hiệu trưởng vào ngày {_day(draft.on)}",
            "chọn người ký khác hoặc ghi lại ngày ban hành",
        )


def _capacity(draft: Draft) -> Iterator[OfficialFinding]:
    """Yield a capacity that the form has not, or that says another post than the signer's."""
    capacity, words = draft.plan.signing_capacity.upper().strip(), vocabulary()
    if capacity not in {nfc(one).upper() for one in draft.plan.spec.signing_capacities}:
        yield _error(
            "Quyền hạn, chức vụ của người ký không có trong mẫu kế hoạch", "chọn lại người ký"
        )
    elif capacity.startswith(words.deputy_mark):
        if not _holds(draft, Role.VICE_PRINCIPAL):
            yield _error(
                f"Chức vụ ghi ký thay ({words.deputy_mark}) mà người ký không phải phó hiệu trưởng",
                "chọn lại người ký",
            )
    elif not capacity.startswith(words.acting_marks) and not _holds(draft, Role.PRINCIPAL):
        yield _error(
            f"Chức vụ ghi {capacity} mà người ký không phải hiệu trưởng vào ngày {_day(draft.on)}",
            f"ký thay ({words.deputy_mark}) hoặc chọn lại người ký",
        )


def _holds(draft: Draft, role: Role) -> bool:
    """Say whether somebody of the signer's name holds the role on the document's date."""
    return any(
        member.holds(role, draft.on) and same_person(member.name, draft.plan.signer_name)
        for member in draft.members
    )


def _signer_name(draft: Draft) -> Iterator[OfficialFinding]:
    """Yield a title or a form of address before the name (Phụ lục I, mục II.7)."""
    name, words = draft.plan.signer_name, _words()
    title = _leading(name, words["titles_before_names"])
    address = _leading(name, words["forms_of_address"])
    if title:
        yield _error(
            f"Trước họ tên người ký có “{title}”", "bỏ học hàm, học vị, danh hiệu khỏi họ tên"
        )
    elif address:  # a few families are called so
        yield _warning(
            f"Họ tên người ký bắt đầu bằng “{address}”",
            "bỏ cách xưng hô khỏi họ tên nếu đó không phải là họ",
        )


def _leading(name: str, marks: list[str]) -> str:
    """Return the mark with which the name begins as a word of its own, "" for none."""
    bare = fold(name).replace(".", " ").split()
    for mark in marks:
        said = fold(mark).replace(".", " ").split()
        if bare[: len(said)] == said and len(bare) > len(said):
            return mark
    return ""


# --- recipients, end --------------------------------------------------------------------------------------


def _recipients(draft: Draft) -> Iterator[OfficialFinding]:
    """Yield missing recipients, and a last line that does not keep the document at the văn thư."""
    lines = _sign_block(draft.tree).recipients
    words, unit = vocabulary(), _words()["archive_unit"]
    if not [line for line in lines if line.strip(" -;.")]:
        yield _error("Chưa ghi nơi nhận", f"mở lại để ghi nơi nhận, dòng cuối “{_archive()}”")
        return
    last = lines[-1].strip(" -")
    kept = last.casefold().startswith(f"{words.archive_word.casefold()}:")
    if not kept or unit not in last.replace(",", " ").replace(";", " ").replace(".", " ").split():
        yield _error(
            f"Dòng cuối của nơi nhận chưa phải là dòng lưu “{_archive()}”",
            "mở lại để sửa nơi nhận",
        )


def _end_mark(draft: Draft) -> Iterator[OfficialFinding]:
    """Yield that the content does not end with the mark that closes it; a table takes none."""
    mark = draft.plan.spec.end_mark
    blocks = [block for section in draft.tree.sections for block in section.blocks]
    last = blocks[-2] if len(blocks) > 1 else None
    content = last.items[-1] if isinstance(last, ItemList) else getattr(last, "content", ())
    if mark and not (isinstance(last, Paragraph | ItemList) and plain(content).endswith(mark)):
        yield _warning(
            f"Nội dung không kết thúc bằng dấu “{mark}” vì phần cuối là bảng",
            "mở lại để thêm một đoạn kết dưới bảng nếu cần",
        )


def _sign_block(tree: Document) -> SignBlock:
    return next(
        block
        for section in tree.sections
        for block in section.blocks
        if isinstance(block, SignBlock)
    )


def _archive() -> str:
    return f"{vocabulary().archive_wanted}."


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(nfc(PATH.read_text(encoding="utf-8")))
    return words


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
