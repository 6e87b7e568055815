"""Pages with one fault each, to see the harness catch it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

HEAD = '<!doctype html><html lang="vi"><title>Trang</title><link rel="icon" href="data:,"><main><h1>Trang</h1>'


def _page(body: str, status: int = 200) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(HEAD + body, status=status)

    return view


urlpatterns = [
    path("clean/", _page("<p>Chào</p>")),
    path("inline-style/", _page('<p style="color:red">Chào</p>')),
    path("inline-script/", _page("<script>document.title = 1</script>")),
    path("other-host/", _page('<img src="http://kcl.example/x.png" alt="">')),
    path("broken/", _page("", status=500)),
    path("missing-file/", _page('<img src="/nowhere.png" alt="">')),
    path("no-label/", _page('<input name="a">')),
    path("wide/", _page("<pre>" + "x" * 900 + "</pre>")),
]
