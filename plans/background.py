"""Face for the worker: imports every room that does work in the background, so that it is known by its kind."""

import plans.followups.telling  # noqa: F401  registers itself
import plans.overview.plan_files  # noqa: F401  registers itself
import plans.replying.telling  # noqa: F401  registers itself
import plans.submitting.telling  # noqa: F401  registers itself
