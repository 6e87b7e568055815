"""One factory a model, unsurprising: what a test does not say is plausible and different each time."""
