"""Who may, and what was said where: asked by parts that stand on many pages of a plan."""

from typing import Any

from django import template
from django.db import models

from plans.together.talk import ACTION, SECTION, Talk, Talks

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str, thing: models.Model) -> bool:
    """Say whether the person at the page has a permission on a thing; the page's own doors ask the same."""
    allowed: bool = context["request"].user.has_perm(permission, thing)
    return allowed


@register.filter
def of_section(talks: Talks, key: Any) -> Talk:
    """Return what was said about a section of the plan."""
    return talks.at(f"{SECTION}-{key}")


@register.filter
def of_action(talks: Talks, pk: Any) -> Talk:
    """Return what was said about a row of the plan's table."""
    return talks.at(f"{ACTION}-{pk}")
