"""`manage.py make_web_fonts`: cut Tinos down to what pages need, as WOFF2 in DATA_DIR/webfonts/fonts.

No font file is kept in the repository: the machine's own package brings the typeface, the same that the PDF
is set in, and this makes the screen's copy of it.
"""

import hashlib
import logging
from pathlib import Path
from typing import Any

import fontTools
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from fontTools import subset

from plans.documents.fonts import FontMissing, find_fonts, font_digest

# Latin with its accents, Vietnamese (single letters and combining marks), and what stands between words.
UNICODES: tuple[range, ...] = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x1A0, 0x1A2),
    range(0x1AF, 0x1B1),
    range(0x300, 0x30A),
    range(0x31B, 0x31C),
    range(0x323, 0x324),
    range(0x1EA0, 0x1EFA),
    range(0x2010, 0x2045),
    range(0x20AB, 0x20AD),
    range(0x2190, 0x2196),
    range(0x2212, 0x2216),
    range(0x221A, 0x221B),
    range(0x2248, 0x2266),
    range(0x25A0, 0x25D0),
)
STAMP = ".stamp"  # collectstatic leaves hidden files alone


class Command(BaseCommand):
    help = "Tạo phông chữ màn hình (WOFF2) từ phông Tinos của máy; đã có thì không làm gì."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.DATA_DIR) / "webfonts"
        try:
            files = find_fonts(tuple(map(Path, settings.KCL_FONT_DIRS)))
            stamp = f"{font_digest(files)} {_recipe()}\n"
            made = _make(files.paths(), folder, stamp)
        except (FontMissing, OSError) as error:
            raise CommandError(f"Chưa tạo được phông chữ màn hình: {error}") from error
        self.stdout.write(f"Phông chữ màn hình: {'đã tạo' if made else 'đã có sẵn'}")


def _recipe() -> str:
    """Return a mark of all that shapes the files beside the fonts themselves."""
    recipe = f"{fontTools.version} {UNICODES}"
    return hashlib.sha256(recipe.encode()).hexdigest()


def _make(sources: tuple[Path, ...], folder: Path, stamp: str) -> bool:
    """Write the subsets and then the stamp; False when the stamp says that they are there."""
    targets = {source: folder / "fonts" / f"{source.stem}.woff2" for source in sources}
    kept = folder / STAMP
    fresh = kept.is_file() and kept.read_text(encoding="utf-8") == stamp
    if fresh and all(target.is_file() for target in targets.values()):
        return False
    (folder / "fonts").mkdir(parents=True, exist_ok=True)
    for source, target in targets.items():
        _subset(source, target)
    kept.write_text(stamp, encoding="utf-8")
    return True


def _subset(source: Path, target: Path) -> None:
    """Write the letters of UNICODES that `source` has to `target`, whole or not at all."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every glyph it keeps
    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True)
    with subset.load_font(str(source), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for part in UNICODES for code in part])
        subsetter.subset(font)
        unfinished = target.with_suffix(".tmp")
        subset.save_font(font, str(unfinished), options)
    unfinished.replace(target)
