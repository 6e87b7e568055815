"""A browser's own words about itself."""

import pytest

from plans.accounts.devices import device_words

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (f"{_WINDOWS} Chrome/130.0 Safari/537.36", "Chrome trên máy tính Windows"),
        (f"{_WINDOWS} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge trên máy tính Windows"),
        (
            f"{_WINDOWS} coc_coc_browser/120.0 Chrome/114.0 Safari/537.36",
            "Cốc Cốc trên máy tính Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome trên điện thoại hoặc máy tính bảng Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari trên iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox trên máy tính Linux"),
        ("", "Trình duyệt chưa rõ trên thiết bị chưa rõ"),
        ("<script>\x00" * 1000, "Trình duyệt chưa rõ trên thiết bị chưa rõ"),
    ],
)
def test_header_reads_as_its_owner_would_say_it(header: str, words: str) -> None:
    assert device_words(header) == words
