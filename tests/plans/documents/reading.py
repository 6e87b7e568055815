"""Reading finished files back: text, pages and places, by poppler and by the XML itself."""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator


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


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_part(docx: bytes, name: str) -> etree._Element:
    """Return one part of a DOCX as XML."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name))


def docx_text(docx: bytes) -> str:
    """Return the words of a DOCX in order, without what Word counts by itself."""
    pieces = []
    for element in docx_part(docx, "word/document.xml").iter():
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif element.tag in (f"{_W}p", f"{_W}br"):
            pieces.append("\n")
    return "".join(pieces)


def pdf_reading_order(pdf: bytes) -> str:
    """Return the words of a PDF as a screen reader gets them, without the heads of tables.

    Poppler takes a second for a page of a table, so this is for short documents; `page_words` is quick.
    """
    text = poppler("pdfinfo", pdf, "-struct-text")
    without_heads = re.sub(r"^( +)THead.*\n(?:\1 .*\n)*", "", text, flags=re.MULTILINE)
    return "\n".join(re.findall(r'^ *"(.*)"$', without_heads, flags=re.MULTILINE))


def page_words(pdf: bytes) -> str:
    """Return the words of a PDF in the order they were drawn in, without the numbers of pages."""
    pages = poppler("pdftotext", pdf, "-raw").split("\f")[:-1]
    kept = []
    for number, page in enumerate(pages, 1):
        lines = page.strip().splitlines()
        for place in (0, -1):
            if number > 1 and lines[place] == str(number):
                del lines[place]
                break
        kept += lines
    return "\n".join(kept)


def squashed(text: str) -> str:
    """Return `text` without spaces, dots to write on, and signs that nobody sees."""
    return re.sub(r"[\s\u00a0\u200b\u2060…]", "", text)


def pages_by_libreoffice(docx: bytes) -> int:
    """Return how many pages LibreOffice makes of a DOCX; skips the test where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer-nogui")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "document.docx")
        source.write_bytes(docx)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [
            soffice,
            "--headless",
            profile,
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            source,
        ]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        return int(pdf_info(source.with_suffix(".pdf").read_bytes())["Pages"])


def schema_faults(content: bytes, suffix: str, folder: Path) -> list[str]:
    """Return what the Open XML rules find wrong with a DOCX or XLSX.

    openpyxl writes strings inside their cells; Excel takes them and stores them elsewhere on the next saving,
    which the rules remark upon.
    """
    file = folder / f"file.{suffix}"
    file.write_bytes(content)
    findings = map(str, OpenXmlValidator().validate(file).errors)
    return [finding for finding in findings if "inlineStr" not in finding]
