"""Face for rule discovery: imports every room's rules once the apps are ready."""

import plans.formats.rules  # noqa: F401  registers itself
import plans.planning.rules  # noqa: F401  registers itself
import plans.submitting.campaign_rules  # noqa: F401  registers itself
import plans.submitting.rules  # noqa: F401  registers itself
