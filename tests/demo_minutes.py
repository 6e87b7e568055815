"""Renders and signs the minutes that the demo shows as signed, into `fixtures/demo/minutes/`.

`python -m tests.demo_minutes`, again whenever what the demo's signed visit says was changed. The keys live as long as
this process; their certificates are of the tests' own authority and say "Minh Họa", whose root lies beside the files for
`verify_pdf --trust`. The clock of the signatures is the demo's, in which the visit was last year.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

OUT = Path(__file__).resolve().parents[1] / "fixtures" / "demo" / "minutes"
PASSWORD = "minh-hoa"
# Who signs, in this order, and how long after the minutes were made.
SIGNERS = {
    "chuyenvien": timedelta(minutes=20),
    "hieutruong3": timedelta(hours=6),
    "hieutruong": timedelta(days=1),
}


def main() -> None:
    """Make the demo without the papers in a world of its own, then make, sign and write them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings  # after setup
    from django.core.management import call_command

    from plans.management.demo import DEMO_DIR, make_demo

    settings.KCL_DEMO = True
    call_command("migrate", verbosity=0)
    told = json.loads((DEMO_DIR / "visits.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(shutil.copytree(DEMO_DIR, Path(folder) / "demo"))
        kept = {"visits": [_unminuted(one) for one in told["visits"]]}
        (bare / "visits.json").write_text(json.dumps(told | kept), encoding="utf-8")
        make_demo(bare)
    OUT.mkdir(exist_ok=True)
    for entry in told["visits"]:
        if "minutes" in entry:
            _write(entry)


def _unminuted(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in {"minutes", "items"}}


def _write(entry: dict[str, Any]) -> None:
    """Make the minutes of a visit, sign them, and write PDF, Word and what the demo has to know of them."""
    from plans.accounts.models import User  # after setup
    from plans.inspections.models import Inspection
    from plans.issuing.enums import FileRole
    from plans.minutes.papers import make_minutes

    made_at = datetime.fromisoformat(entry["minutes"]["made"])
    visit = Inspection.objects.get(
        school__symbol=entry["school"], planned_on=entry["on"], state="concluded"
    )
    maker = User.objects.get(username=entry["minutes"]["by"])
    paper = make_minutes(inspection=visit, by=maker, on=made_at.date())
    files = {FileRole(row.role): bytes(row.file.content) for row in paper.files.all()}
    _sign(paper.pk, made_at)
    paper.refresh_from_db()
    rows = [_signer(one) for one in paper.signers.order_by("signed_at")]
    told = {
        "schema": "demo-minutes/1",
        **{name: getattr(paper, name) for name in ("title", "number", "issuer", "code", "pages")},
        "issued_on": paper.issued_on.isoformat(),
        "length": len(files[FileRole.PDF]),
        "signers": rows,
        "tree": paper.tree,
    }
    last = bytes(paper.files.filter(role=FileRole.SIGNED).order_by("-sequence")[0].file.content)
    place = OUT / entry["minutes"]["paper"]
    place.with_suffix(".pdf").write_bytes(last)
    place.with_suffix(".docx").write_bytes(files[FileRole.DOCX])
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    place.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _sign(paper: int, made_at: datetime) -> None:
    """Let everybody sign by the demo's clock, each with a certificate made out to them."""
    from django.conf import settings  # after setup

    from plans.accounts.models import User
    from plans.issuing.signing_steps import from_key_file
    from plans.minutes.models import Paper
    from plans.minutes.signing import sign_paper
    from tests.factories import pki
    from tests.factories.minutes import certificate_of
    from tests.factories.signing import trust_folder

    (OUT / "ca-goc-minh-hoa.pem").write_bytes(pki.root().pem)
    with tempfile.TemporaryDirectory() as folder:
        settings.KCL_TRUST_DIR = trust_folder(Path(folder), pki.root())
        for name, later in SIGNERS.items():
            person, at = User.objects.get(username=name), made_at + later
            source = from_key_file(certificate_of(person).p12(PASSWORD), PASSWORD)
            with patch("pyhanko.sign.signers.pdf_signer.datetime", _clock(at)):
                sign_paper(paper=Paper.objects.get(pk=paper), source=source, by=person, at=at)


def _clock(at: datetime) -> type[datetime]:
    """Return a datetime whose present is `at`."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return at.astimezone(tz)

    return Clock


def _signer(one: Any) -> dict[str, Any]:
    words = ("side", "place", "field", "full_name", "capacity", "way", "subject")
    return {name: getattr(one, name) for name in words} | {
        "user": one.user.username,
        "certificate_issuer": one.certificate_issuer,
        "serial": one.serial,
        "signed_at": one.signed_at.isoformat(),
        "length": len(bytes(one.file.file.content)),
    }


if __name__ == "__main__":
    main()
