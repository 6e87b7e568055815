"""manage.py export_minutes: the minutes of a visit as a file; the frozen one where they are made, else as they stand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.documents.tree import Document
from plans.formats.layouts import body_layout_row, layout_of
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.minutes.blank import blank_form, embedded
from plans.minutes.document import minutes_document
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper, PaperKind
from plans.planning.export import export_document
from plans.recording.opening import plan_to_visit

FORMATS = ("pdf", "docx")


class Command(BaseCommand):
    """Xuất biên bản của một buổi kiểm tra ra tệp."""

    help = (
        "Xuất biên bản của một buổi kiểm tra ra tệp PDF hoặc DOCX. Biên bản đã lập thì ghi đúng tệp đã lưu "
        "(bản PDF ký số mới nhất nếu có); chưa lập thì ghi theo những gì đã có, chỗ chưa có để trống."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the visit's number, the format and the file."""
        parser.add_argument("--inspection", type=int, required=True, help="mã số buổi kiểm tra")
        parser.add_argument("--format", choices=FORMATS, default="pdf", help="định dạng")
        parser.add_argument("--output", type=Path, required=True, help="tệp sẽ ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file. Raises CommandError for an unknown visit or a place that cannot be written."""
        found = Inspection.objects.for_minutes().filter(pk=options["inspection"]).first()
        if found is None:
            raise CommandError(f"Không có buổi kiểm tra mang mã số {options['inspection']}.")
        try:
            options["output"].write_bytes(_content(found, options["format"]))
        except OSError as error:
            raise CommandError(
                f"Không ghi được tệp {options['output']}: {error.strerror}"
            ) from error
        self.stdout.write(f"Đã ghi {options['output']}.")


def _content(inspection: Inspection, file_format: str) -> bytes:
    """Return the bytes that were frozen, where the minutes are made; what is issued is never rendered again."""
    made = Paper.objects.in_force().filter(inspection=inspection, kind=PaperKind.MINUTES).first()
    if made is None:
        layout = layout_of(body_layout_row(inspection.body, inspection.visited_on))
        return export_document(_as_it_stands(inspection), file_format, layout=layout)
    if file_format == "pdf":
        return bytes(current_pdf(made).file.content)
    word = made.files.select_related("file").get(role=FileRole.DOCX)
    return bytes(word.file.content)


def _as_it_stands(inspection: Inspection) -> Document:
    """Return the record as it stands; before it is open the empty form, with the school's plan in it."""
    if inspection.state != InspectionState.PLANNED:
        return minutes_document(inspection)
    plan = plan_to_visit(inspection)
    return blank_form(inspection, embedded(plan) if plan else None)
