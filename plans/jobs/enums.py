"""States of a job."""

from django.db import models


class JobState(models.TextChoices):
    """Trạng thái of a job."""

    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không xong"
