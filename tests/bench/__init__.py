"""Measurements, run by `./dev bench`: ratios of ways taken in turn, since milliseconds depend on the machine."""
