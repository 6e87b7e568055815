"""Whether a signature in a PDF is written as one must be, down to the bytes that no digest covers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asn1crypto import cms, parser
from cryptography import x509
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from plans.signing.reading import OpenPdf

_HEX = re.compile(rb"<([0-9a-f]+|[0-9A-F]+)>")


def shape_of(content: bytes, one: EmbeddedPdfSignature) -> bool:
    """Return whether the signature covers all from the first byte to some end, but for its own value.

    The gap in the middle must be that value and nothing else.
    """
    if len(one.byte_range) != 4:
        return False
    start, length, after, rest = (int(part) for part in one.byte_range)
    if start != 0 or length <= 0 or rest <= 0 or after <= length or after + rest > len(content):
        return False
    gap = content[length:after]
    return gap[:1] == b"<" and gap[-1:] == b">" and _value(gap) == one.pkcs7_content


def _value(gap: bytes) -> bytes | None:
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return None


def is_well_formed(file: OpenPdf, one: EmbeddedPdfSignature) -> bool:
    """Return whether nothing was changed in the value of the signature that its digest does not cover.

    Its hexadecimal digits are of one case, zeros alone follow it, and what it says of itself twice it says alike.
    """
    start, end = int(one.byte_range[1]), int(one.byte_range[2])
    if not _HEX.fullmatch(file.content, start, end):
        return False
    value = one.pkcs7_content
    return not value[parser.peek(value) :].strip(b"\0") and all(
        _agrees_with_itself(signed) for signed in [one.signed_data, *inner_stamps(one)]
    )


def inner_stamps(one: EmbeddedPdfSignature) -> Iterator[cms.SignedData]:
    """Give the time stamps inside a signature, believed or not."""
    attributes = one.signer_info["unsigned_attrs"]
    if isinstance(attributes, cms.CMSAttributes):
        for token in find_cms_attribute_iter(attributes, "signature_time_stamp_token"):
            yield token["content"]


_NO_PARAMETERS = {b"", b"\x05\x00"}
_UNSIGNED = {"signature_time_stamp_token", "counter_signature"}


def _agrees_with_itself(signed: cms.SignedData) -> bool:
    """Return whether the parts of a signature that nobody signed, but its certificates, are as they must be.

    Versions by RFC 5652 5.1 and 5.3, the digest named once and without parameters.
    """
    (signer,) = signed["signer_infos"]
    digest, method = signer["digest_algorithm"], signer["signature_algorithm"]
    named = list(signed["digest_algorithms"])
    plain = [digest, *named]
    if method["algorithm"].native.endswith(("_rsa", "rsassa_pkcs1v15")):
        plain.append(method)
    unsigned = signer["unsigned_attrs"]
    kinds = {one["type"].native for one in unsigned} if len(unsigned) else set()
    by_key = signer["sid"].name == "subject_key_identifier"
    is_data = signed["encap_content_info"]["content_type"].native == "data"
    return (
        [one["algorithm"].native for one in named] == [digest["algorithm"].native]
        and kinds <= _UNSIGNED
        and all(one["parameters"].dump() in _NO_PARAMETERS for one in plain)
        and signer["version"].native == ("v3" if by_key else "v1")
        and signed["version"].native == ("v1" if is_data and not by_key else "v3")
        and (by_key or _names_its_certificate(signed, signer["sid"].chosen))
    )


def _names_its_certificate(signed: cms.SignedData, named: cms.IssuerAndSerialNumber) -> bool:
    """Return whether a certificate bears that issuer to the letter; names are else compared forgivingly."""
    return any(
        one.chosen.issuer.dump() == named["issuer"].dump()
        and one.chosen.serial_number == named["serial_number"].native
        for one in signed["certificates"]
    )


def embedded_certificates(one: EmbeddedPdfSignature) -> list[x509.Certificate]:
    """Return the certificates in a signature and in the time stamps inside it, as they stand there."""
    return [
        x509.load_der_x509_certificate(choice.chosen.dump())
        for signed in [one.signed_data, *inner_stamps(one)]
        for choice in signed["certificates"]
    ]
