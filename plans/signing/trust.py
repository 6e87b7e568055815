"""Whom to believe: a folder of root certificates, each for the time that it is trusted, and lists of revoked ones.

A folder of trust is read whole, subfolders too:

- `*.pem`, `*.crt`, `*.cer`: certificates, PEM (one or several in a file) or DER. One that signs itself is a root,
  any other (an authority below a root) only helps to build chains and is never believed for its own sake.
- `*.crl`: lists of revoked certificates, PEM or DER.
- `trust.toml` beside them dates the roots of its own folder, by file name; a root that it does not name is trusted
  without end:

      ["ca-2015.crt"]
      from = 2015-01-01      # first day, from 00:00 UTC
      to = 2020-12-31        # last day, until 24:00 UTC

  A root outside its dates is believed for nothing that was signed then.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

CERTIFICATE_FILES = {".pem", ".crt", ".cer"}
_LARGEST_FILE = 20 * 1024 * 1024  # bytes


class TrustUnreadable(Exception):
    """Something in the folder cannot be read; `problems` says in Vietnamese what, file by file."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Root:
    """A certificate that is believed, from and to these moments (None: without end), the first included."""

    certificate: x509.Certificate
    since: datetime | None = None
    until: datetime | None = None

    def is_trusted(self, at: datetime) -> bool:
        """Return whether it is believed for what was signed `at` that time."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True)
class TrustStore:
    """Roots, the authorities known below them, and lists of revoked certificates."""

    roots: tuple[Root, ...] = ()
    others: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()

    @classmethod
    def of(
        cls,
        certificates: Iterable[x509.Certificate],
        crls: Iterable[x509.CertificateRevocationList] = (),
    ) -> TrustStore:
        """Return a store that believes those of `certificates` that sign themselves, without end."""
        roots, others = _sorted(certificates)
        return cls(tuple(Root(one) for one in roots), tuple(others), tuple(crls))

    @classmethod
    def from_folder(cls, path: Path | str) -> TrustStore:
        """Return what the folder holds; a folder without certificates trusts nobody.

        Raises TrustUnreadable with every file that cannot be read, also when the folder is not there.
        """
        folder, problems = Path(path), []
        if not folder.is_dir():
            raise TrustUnreadable((f"Không có thư mục {folder}",))
        roots: list[Root] = []
        others: list[x509.Certificate] = []
        crls: list[x509.CertificateRevocationList] = []
        dates: dict[Path, dict[str, _Dates]] = {}
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            try:
                if file.suffix.lower() in CERTIFICATE_FILES:
                    mine, below = _sorted(_certificates(_content(file)))
                    if file.parent not in dates:
                        dates[file.parent] = _dates_of(file.parent)
                    span = dates[file.parent].get(file.name, (None, None))
                    roots += [Root(one, *span) for one in mine]
                    others += below
                elif file.suffix.lower() == ".crl":
                    crls.append(_crl(_content(file)))
            except (ValueError, OSError, tomllib.TOMLDecodeError, RecursionError) as error:
                problems.append(f"Không đọc được {file.relative_to(folder)}: {error}")
        if problems:
            raise TrustUnreadable(tuple(problems))
        return cls(tuple(roots), tuple(others), tuple(crls))

    def roots_at(self, at: datetime) -> tuple[x509.Certificate, ...]:
        """Return the certificates that are believed for what was signed `at` that time."""
        return tuple(root.certificate for root in self.roots if root.is_trusted(at))


_Dates = tuple[datetime | None, datetime | None]


def _sorted(
    certificates: Iterable[x509.Certificate],
) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    roots: list[x509.Certificate] = []
    others: list[x509.Certificate] = []
    for one in certificates:
        (roots if signs_itself(one) else others).append(one)
    return roots, others


def signs_itself(certificate: x509.Certificate) -> bool:
    """Return whether the certificate is its own issuer, by name and by signature."""
    return is_issued_by(certificate, certificate)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether `issuer` signed `certificate`, by name and by signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _content(file: Path) -> bytes:
    if file.stat().st_size > _LARGEST_FILE:
        raise ValueError("tệp quá lớn")
    return file.read_bytes()


def _certificates(content: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def _crl(content: bytes) -> x509.CertificateRevocationList:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_crl(content)
    return x509.load_der_x509_crl(content)


def _dates_of(folder: Path) -> dict[str, _Dates]:
    """Return the dates of `trust.toml` by file name; {} without one. Raises ValueError for what is no date."""
    file = folder / "trust.toml"
    if not file.is_file():
        return {}
    found: dict[str, _Dates] = {}
    for name, entry in tomllib.loads(_content(file).decode()).items():
        if not isinstance(entry, dict) or not set(entry) <= {"from", "to"}:
            raise ValueError(f"trust.toml: mục {name} chỉ được có from và to")
        if not (folder / name).is_file():
            raise ValueError(f"trust.toml: không có tệp {name}")
        first, last = entry.get("from"), entry.get("to")
        found[name] = (_midnight(first), _midnight(last, after=1))
    return found


def _midnight(day: object, *, after: int = 0) -> datetime | None:
    if day is None:
        return None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"trust.toml: {day} không phải là ngày")
    return datetime.combine(day + timedelta(days=after), time(), UTC)


def certificates_in(store: TrustStore) -> Iterator[x509.Certificate]:
    """Return every certificate of the store, believed or not."""
    yield from (root.certificate for root in store.roots)
    yield from store.others
