"""The project as an app, for its system checks alone."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from kcl.checks import sqlite_is_safe


class KclConfig(AppConfig):
    """kcl: the wiring."""

    name = "kcl"
    verbose_name = "KCL"

    def ready(self) -> None:
        """Let `manage.py check`, `migrate` and every start ask what the settings cannot know."""
        register(sqlite_is_safe, Tags.database)
