"""The one typeface of the PDF: where its files are, what signs it has, and what to print for those it lacks.

Tinos has the metric of Times New Roman and every Vietnamese letter; Debian's fonts-croscore brings it. Nothing
else will do: with a font missing, the engine would take any other without a word, and pages would break apart.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FONT_DIRS = (Path("/usr/share/fonts/truetype/croscore"), Path("/usr/local/share/fonts/croscore"))
FONT_FAMILY = "KCL Serif"

_CUTS = {
    "Tinos-Regular.ttf": ("normal", "normal"),
    "Tinos-Bold.ttf": ("normal", "bold"),
    "Tinos-Italic.ttf": ("italic", "normal"),
    "Tinos-BoldItalic.ttf": ("italic", "bold"),
}

# Signs that teachers bring along from Word and from telephones, and that no Times has; the nearest it has.
_NEAREST = str.maketrans({"✓": "√", "✔": "√", "☑": "√", "🗹": "√", "✗": "×", "✘": "×", "☒": "×", "☐": "□", "❑": "□",
                          "➢": "►", "➤": "►", "❖": "♦", "★": "*", "☆": "*", "\uf0b7": "•", "\uf0a7": "▪",
                          "\uf0fc": "√", "\uf02d": "-", "\uf0d8": "►", "\uf076": "♦"})  # fmt: skip
_UNSEEN = re.compile(
    "[\u200b-\u200f\u2061-\u2065\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_ABSENT = "□"


class FontMissing(RuntimeError):
    """Tinos is not on this machine; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class FontFiles:
    """The four files of the typeface, in one folder."""

    folder: Path

    def paths(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in _CUTS)

    def uris(self) -> frozenset[str]:
        """Return the only addresses that the PDF engine may open."""
        return frozenset(path.as_uri() for path in self.paths())

    def face_rules(self) -> str:
        """Return the @font-face rules that give the files to the engine under `FONT_FAMILY`."""
        return "".join(
            f'@font-face{{font-family:"{FONT_FAMILY}";font-style:{slope};font-weight:{weight};'
            f'src:url("{(self.folder / name).as_uri()}")}}'
            for name, (slope, weight) in _CUTS.items()
        )


def find_fonts(extra_dirs: tuple[Path, ...] = ()) -> FontFiles:
    """Return the folder that holds all four cuts: `extra_dirs`, then KCL_FONT_DIRS, then Debian's place.

    KCL_FONT_DIRS is a list with commas, as everywhere. Raises FontMissing, with the cure, where no folder has them all.
    """
    named = tuple(Path(part) for part in os.environ.get("KCL_FONT_DIRS", "").split(",") if part)
    tried = (*extra_dirs, *named, *FONT_DIRS)
    for folder in tried:
        if all((folder / name).is_file() for name in _CUTS):
            return FontFiles(folder.resolve())
    raise FontMissing(
        "Không tìm thấy phông chữ Tinos để tạo PDF. Cài bằng lệnh: apt-get install fonts-croscore "
        "(hoặc đặt KCL_FONT_DIRS trỏ đến thư mục chứa bốn tệp Tinos-*.ttf). "
        f"Đã tìm ở: {', '.join(map(str, tried))}."
    )


@lru_cache(maxsize=4)
def font_digest(files: FontFiles) -> str:
    """Return the sha256 of the four files together, hex."""
    digest = hashlib.sha256()
    for path in files.paths():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def printer_for(files: FontFiles) -> Callable[[str], str]:
    """Return a function that exchanges the signs the typeface lacks: the nearest it has, else "□".

    So what is printed does not hang on which other fonts a machine has, and no sign becomes an empty glyph,
    which PDF/A forbids (ISO 19005-2, 6.2.11.8). Invisible signs, such as the joiners of an emoji, are left out.
    """
    covered = _covered(files)

    def printable(text: str) -> str:
        if text.isascii():
            return text
        seen = _UNSEEN.sub("", text.translate(_NEAREST))
        return "".join(
            sign if ord(sign) in covered or sign == "\n" else _stand_in(sign) for sign in seen
        )

    return printable


def _stand_in(sign: str) -> str:
    if unicodedata.category(sign) == "Cf":
        return ""
    return " " if sign.isspace() else _ABSENT


@lru_cache(maxsize=4)
def _covered(files: FontFiles) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # slow import

    with TTFont(files.paths()[0], lazy=True) as font:
        return frozenset(font.getBestCmap())
