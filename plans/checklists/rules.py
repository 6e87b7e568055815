"""Who decides about checklists: the people of their own body, not those of the bodies above it."""

from plans.accounts.rules import holds_only_if, reached_by, reaches_body
from plans.checklists.models import Checklist

reached_by(Checklist, lambda membership, checklist: reaches_body(membership, checklist.body_id))
# What visits were pinned to never changes.
holds_only_if("plans.change_checklist", lambda checklist: checklist.is_draft)
