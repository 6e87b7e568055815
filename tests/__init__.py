"""The tests; a package, so that no other package's `tests` can stand in for it."""
