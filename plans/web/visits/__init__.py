"""Pages of visits: the list, one visit, and the record on the spot."""
