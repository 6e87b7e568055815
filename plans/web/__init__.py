"""Web: the only face; HTTP in, HTML out."""
