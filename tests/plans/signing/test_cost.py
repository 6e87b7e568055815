"""One signature costs less than three tenths of the render of the plan it stands under."""

from statistics import median
from time import perf_counter

import pytest

from plans.documents.pdf import pdf_bytes
from plans.signing.fields import SIGNER_FIELD, prepare_fields, signature_places
from plans.signing.sign import sign
from tests.plans.documents.samples import plan
from tests.plans.signing import material


def _seconds(work):
    started = perf_counter()
    result = work()
    return perf_counter() - started, result


@pytest.mark.slow
def test_a_signature_costs_less_than_three_tenths_of_the_render():
    tree, drawing = plan(rows=30), material.drawing(SIGNER_FIELD)
    prepared = prepare_fields(pdf_bytes(tree), signature_places(0, material.BOX))

    def signed():
        return sign(prepared, SIGNER_FIELD, material.key(), appearance=drawing)

    ratios = []
    for _ in range(3):
        render, _ = _seconds(lambda: pdf_bytes(tree))
        signature, _ = _seconds(signed)
        ratios.append(signature / render)

    assert median(ratios) < 0.3
