"""Reading finished files back: text, pages and places, by poppler and by the XML itself."""

import re
import subprocess
import tempfile
from pathlib import Path


def poppler(tool: str, pdf: bytes, *options: str) -> str:
    """Return what a poppler program says of the file; poppler-utils must be there."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        command = [tool, *options, file.name, *(["-"] if tool == "pdftotext" else [])]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=True
        ).stdout


def pdf_info(pdf: bytes, *options: str) -> dict:
    """Return pdfinfo's fields; "pages" has the lines "Page n size"."""
    lines = poppler("pdfinfo", pdf, *options).splitlines()
    info = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return info | {"pages": [line for line in lines if re.match(r"Page +\d+ size", line)]}


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page as it lies there."""
    return poppler("pdftotext", pdf, "-layout").split("\f")[:-1]


def lies_across(pdf: bytes) -> list[bool]:
    """Return for each page whether it is landscape."""
    sizes = re.findall(
        r"size: +([\d.]+) x ([\d.]+)", "\n".join(pdf_info(pdf, "-l", "9999")["pages"])
    )
    return [float(width) > float(height) for width, height in sizes]
