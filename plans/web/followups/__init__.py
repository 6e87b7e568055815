"""Pages of what follows from visits: items to be done, and an office's view over visits and items."""
