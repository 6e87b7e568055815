"""Face for rule discovery: imports every room's rules once the apps are ready."""

import plans.checklists.rules  # noqa: F401  registers itself
import plans.followups.rules  # noqa: F401  registers itself
import plans.formats.rules  # noqa: F401  registers itself
import plans.inspections.rules  # noqa: F401  registers itself
import plans.minutes.rules  # noqa: F401  registers itself
import plans.planning.rules  # noqa: F401  registers itself
import plans.submitting.campaign_rules  # noqa: F401  registers itself
import plans.submitting.rules  # noqa: F401  registers itself
