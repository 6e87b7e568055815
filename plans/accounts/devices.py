"""A browser's own words about itself, in words that its owner recognises."""

# Looked for in this order: the first that occurs names it. Edge and Opera also call themselves Chrome,
# Chrome calls itself Safari, and Android calls itself Linux.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Zalo", "Zalo"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "điện thoại hoặc máy tính bảng Android"),
    ("Windows", "máy tính Windows"),
    ("Macintosh", "máy tính Mac"),
    ("CrOS", "máy tính Chromebook"),
    ("Linux", "máy tính Linux"),
)


def device_words(user_agent: str) -> str:
    """Return what a User-Agent header says, e.g. "Chrome trên máy tính Windows".

    What is not recognised is said so ("Trình duyệt chưa rõ"); the header's own text is never shown.
    """
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "Trình duyệt chưa rõ")
    machine = next((name for sign, name in _MACHINES if sign in user_agent), "thiết bị chưa rõ")
    return f"{browser} trên {machine}"
