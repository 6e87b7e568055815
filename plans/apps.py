"""The one Django app of the rooms."""

from importlib import import_module

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """plans: kế hoạch cải tiến chất lượng giáo dục and its rooms."""

    name = "plans"
    verbose_name = "Kế hoạch cải tiến chất lượng"

    def ready(self) -> None:
        """Let every room add its conditions to who may do what, and its work in the background."""
        import_module("plans.rules")
        import_module("plans.background")
