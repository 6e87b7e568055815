"""How the laws of this app are tried."""

from hypothesis import settings

# The same examples in every run and no folder of old ones: a failure here is a failure everywhere. No
# deadline: a busy machine is no fault of the code.
settings.register_profile("kcl", deadline=None, derandomize=True, database=None)
settings.load_profile("kcl")
