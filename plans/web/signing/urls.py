"""Addresses of signing, of the pictures for it, and of verifying."""

from django.urls import path

from plans.web.access import guarded
from plans.web.signing import pictures, verifying, views

app_name = "signing"

urlpatterns = guarded(
    app_name,
    [
        path("van-ban/<int:issued>/ky/", views.sign, name="sign"),
        path("van-ban/<int:issued>/ky/nguoi-ky/", views.as_signer, name="as_signer"),
        path("van-ban/<int:issued>/ky/co-quan/", views.as_seal, name="as_seal"),
        path("van-ban/<int:issued>/ky/tai-ve/", views.current, name="current"),
        path("chu-ky-cua-toi/", pictures.my_signature, name="my_signature"),
        path("truong/<int:school>/con-dau/", pictures.seal, name="seal"),
        path(
            "truong/<int:school>/con-dau/<int:seal>/xoa/", pictures.seal_remove, name="seal_remove"
        ),
        path("kiem-tra-chu-ky/", verifying.verify_file, name="verify"),
    ],
)
