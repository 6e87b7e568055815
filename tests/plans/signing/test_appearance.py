"""What a signature looks like: pictures that may be used, text that fits, the same drawing each time."""

import io
import struct
import subprocess
import zlib

import pikepdf
import pytest
from PIL import Image

from plans.documents.fonts import find_fonts
from plans.signing.appearance import (
    LARGEST_IMAGE_FILE,
    ImageRefused,
    check_image,
    seal_appearance,
    signer_appearance,
)
from tests.plans.signing import material

SIZE = (140.0, 60.0)


def _text_of(appearance, tmp_path):
    path = tmp_path / "drawing.pdf"
    path.write_bytes(appearance.pdf)
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return told.stdout.split()


def _drawing(draw=signer_appearance, *, size=SIZE, name="Lê Thị Mẫu Đơn", image=None):
    return draw(size, name=name, at=material.AT, fonts=find_fonts(), image=image)


def _encoded(image, kind="PNG"):
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _bomb():
    """The head of a PNG of 60,000 × 60,000 points and next to no content."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + content + chunk(b"IEND", b"")


def test_a_signer_without_picture_is_told_by_name_and_time(tmp_path):
    words = _text_of(_drawing(), tmp_path)

    assert words == [
        "Đã",
        "ký",
        "số",
        "bởi",
        "Lê",
        "Thị",
        "Mẫu",
        "Đơn",
        "2026-09-05T08:30:00+07:00",
    ]


def test_a_seal_without_picture_is_told_by_name_and_time(tmp_path):
    appearance = _drawing(seal_appearance, size=(102, 102), name="Trường Mầm non Hoa Sen Mẫu")

    words = _text_of(appearance, tmp_path)

    expected = "Cơ quan ký số Trường Mầm non Hoa Sen Mẫu 2026-09-05 08:30:00+07:00"
    assert words == expected.split()


@pytest.mark.parametrize(
    "name",
    [
        "Lê",
        "Nguyễn Hoàng Thị Minh Nguyệt Phương Thảo",
        "TRƯỜNG TIỂU HỌC, TRUNG HỌC CƠ SỞ VÀ TRUNG HỌC PHỔ THÔNG DÂN TỘC NỘI TRÚ MẪU",
        "x" * 64,
    ],
)
@pytest.mark.parametrize("draw", [signer_appearance, seal_appearance])
def test_a_drawing_is_one_page_of_the_size_of_its_field(draw, name):
    appearance = _drawing(draw, name=name)

    with pikepdf.open(io.BytesIO(appearance.pdf)) as pdf:
        boxes = [[round(float(edge), 1) for edge in page.mediabox] for page in pdf.pages]
    assert boxes == [[0, 0, *SIZE]]


def test_the_same_input_gives_the_same_drawing():
    first, second = (_drawing(image=material.picture()) for _ in range(2))

    assert first == second


def test_a_name_in_signs_the_typeface_lacks_is_drawn_with_boxes(tmp_path):
    words = _text_of(_drawing(name="Lê 😀 Thị 漢 <b>"), tmp_path)

    assert words[4:9] == ["Lê", "□", "Thị", "□", "<b>"]


@pytest.mark.parametrize(
    ("width_mm", "drawn"), [(None, 102.05), (36, 102.05), (30, 85.04), (60, 102.05)]
)
def test_a_seal_is_drawn_in_its_real_size(width_mm, drawn, tmp_path):
    appearance = seal_appearance(
        (102.05, 102.05),
        name="",
        at=material.AT,
        fonts=find_fonts(),
        image=material.picture(material.RED),
        width_mm=width_mm,
    )

    (tmp_path / "seal.pdf").write_bytes(appearance.pdf)
    told = subprocess.run(
        ["pdfimages", "-list", tmp_path / "seal.pdf"], capture_output=True, text=True, check=True
    )

    # 200 points over so many inches; poppler tells whole points per inch.
    assert told.stdout.splitlines()[2].split()[12] == str(round(200 / (drawn / 72)))


def test_a_picture_lies_in_the_drawing_as_it_is():
    appearance = _drawing(image=material.picture())

    with pikepdf.open(io.BytesIO(appearance.pdf)) as pdf:
        [image] = [
            one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/SMask")
        ]
        assert (int(image.Width), int(image.Height), image.get("/Interpolate", False)) == (
            200,
            200,
            False,
        )


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGBA", (100, 50), (0, 0, 255, 0)),
        Image.new("LA", (100, 50), (0, 0)),
        Image.new("RGBA", (100, 50), (0, 0, 255, 0)).quantize(),
    ],
    ids=["RGBA", "LA", "palette"],
)
def test_a_picture_with_a_see_through_ground_will_do(image):
    assert check_image(_encoded(image)) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Ảnh phải là tệp PNG có nền trong suốt."),
        (_encoded(Image.new("RGB", (100, 50)), "JPEG"), "Ảnh phải là tệp PNG có nền trong suốt."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Ảnh phải là tệp PNG có nền trong suốt."),
        (_encoded(Image.new("RGB", (100, 50))), "Ảnh cần có nền trong suốt."),
        (_encoded(Image.new("RGBA", (100, 50), (0, 0, 0, 255))), "Ảnh cần có nền trong suốt."),
        (b"\x89PNG\r\n\x1a\n rac", "Không đọc được ảnh: tệp PNG đã hỏng."),
        (material.picture()[:300], "Không đọc được ảnh: tệp PNG đã hỏng."),
        (
            _encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0))),
            "Ảnh có 20 × 20 điểm; mỗi cạnh cần từ 50 đến 3000 điểm.",
        ),
        (
            _encoded(Image.new("RGBA", (4000, 60), (0, 0, 0, 0))),
            "Ảnh có 4000 × 60 điểm; mỗi cạnh cần từ 50 đến 3000 điểm.",
        ),
        (_bomb(), "Không đọc được ảnh: tệp PNG đã hỏng."),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_IMAGE_FILE),
            "Ảnh lớn quá 1 MB. Vui lòng chọn ảnh nhỏ hơn.",
        ),
    ],
    ids=[
        "empty",
        "JPEG",
        "SVG",
        "no alpha",
        "opaque",
        "rubbish",
        "cut",
        "small",
        "wide",
        "bomb",
        "big",
    ],
)
def test_a_picture_that_will_not_do_is_refused(data, words):
    with pytest.raises(ImageRefused) as refused:
        signer_appearance(SIZE, name="", at=material.AT, fonts=find_fonts(), image=data)

    assert refused.value.words == words
