"""Addresses of log-in, passwords and sessions."""

from django.urls import path

from plans.web.access import guarded
from plans.web.accounts import passwords, views

app_name = "accounts"

urlpatterns = guarded(
    app_name,
    [
        path("dang-nhap/", views.login_page, name="login"),
        path("dang-xuat/", views.logout_page, name="logout"),
        path("doi-mat-khau/", passwords.password_change, name="password_change"),
        path("quen-mat-khau/", passwords.password_reset, name="password_reset"),
        path("quen-mat-khau/da-gui/", passwords.password_reset_sent, name="password_reset_sent"),
        path(
            "dat-lai-mat-khau/<slug:uidb64>/<slug:token>/",
            passwords.password_reset_confirm,
            name="password_reset_confirm",
        ),
        path("tai-khoan/", views.sessions, name="sessions"),
        path("dang-xuat-moi-noi/", views.logout_everywhere, name="logout_everywhere"),
    ],
)
