"""Jobs: long work in the background, with a progress that survives a restart."""
