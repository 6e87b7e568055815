"""Pages of background jobs: what a person asked for, how far it is, and what came of it."""
