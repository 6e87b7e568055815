"""Ground: a row is written only where it still stands as the person saw it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

MOVED_ON = (
    "Dòng này vừa được người khác sửa. Chữ vừa gõ vẫn còn ở dưới; vui lòng mở lại trang trong thẻ khác để so, "
    "rồi lưu lần nữa."
)


def write_where_unmoved(row: models.Model, changed: Mapping[str, Any], version: int) -> None:
    """Write `changed` (field → value) into `row` where its version is still `version`, and raise that by one.

    Raises ValidationError with a sentence for the person when somebody else saved first; nothing is written then.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not rows.update(**changed, version=F("version") + 1):
        raise ValidationError(MOVED_ON)
    row.version = version + 1  # type: ignore[attr-defined]  # every row written here has one
