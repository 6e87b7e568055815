"""Pages that begin a plan from last year's: its actions and what became of them, the years its words name."""
