"""Where the program is mounted."""

from django.contrib import admin
from django.urls import include, path

admin.site.site_header = "KCL – Quản trị"
admin.site.site_title = "KCL – Quản trị"
admin.site.index_title = "Dữ liệu"

urlpatterns = [
    path("quan-tri/", admin.site.urls),
    path("", include("plans.web.urls")),
]
handler400 = "plans.web.errors.bad_request"
handler403 = "plans.web.errors.forbidden"
handler404 = "plans.web.errors.not_found"
handler500 = "plans.web.errors.server_error"
