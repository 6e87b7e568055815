"""Who decides about a campaign: the people of its own body, not those of the bodies above it."""

from plans.accounts.rules import reached_by, reaches_body
from plans.submitting.models import Campaign

reached_by(Campaign, lambda membership, campaign: reaches_body(membership, campaign.body_id))
