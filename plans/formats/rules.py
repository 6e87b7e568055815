"""Who decides about forms: a draft its own body and the administrator, what holds for everybody whoever decides."""

from plans.accounts.models import Membership
from plans.accounts.rules import holds_only_if, reached_by, reaches_body
from plans.planning.models import PlanForm


def reaches_form(membership: Membership, form: PlanForm) -> bool:
    """Say whether a membership reaches a form: everybody's, or that of the body where it is held."""
    everybodys = form.body_id is None and not form.is_draft
    return everybodys or reaches_body(membership, form.body_id)


reached_by(PlanForm, reaches_form)
# What plans were started with never changes.
holds_only_if("plans.copy_form", lambda form: not form.is_draft)
holds_only_if("plans.change_form", lambda form: form.is_draft)
