"""The app of the Ministry's standards."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """criteria: bộ tiêu chuẩn đánh giá."""

    name = "criteria"
    verbose_name = "Bộ tiêu chuẩn"
