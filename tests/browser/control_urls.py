"""Pages with one fault each, to see the harness catch it."""

import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

HEAD = '<!doctype html><html lang="vi"><title>Trang</title><link rel="icon" href="data:,"><main><h1>Trang</h1>'


def _page(body: str, status: int = 200) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(HEAD + body, status=status)

    return view


def late(request: HttpRequest) -> StreamingHttpResponse:
    """A page whose first bytes come long before the rest, as on a machine with much to do."""

    def parts() -> Iterator[str]:
        yield "<!doctype html>"
        time.sleep(1)
        yield HEAD.removeprefix("<!doctype html>") + "<p>" + "x" * 900 + '</p><input name="a">'

    return StreamingHttpResponse(parts())


urlpatterns = [
    path("clean/", _page("<p>Chào</p>")),
    path("inline-style/", _page('<p style="color:red">Chào</p>')),
    path("inline-script/", _page("<script>document.title = 1</script>")),
    path("other-host/", _page('<img src="http://kcl.example/x.png" alt="">')),
    path("broken/", _page("", status=500)),
    path("missing-file/", _page('<img src="/nowhere.png" alt="">')),
    path("no-label/", _page('<input name="a">')),
    path("to-late/", _page('<a href="/late/">Trang đến chậm</a>')),
    path("late/", late),
    path("wide/", _page("<pre>" + "x" * 900 + "</pre>")),
]
