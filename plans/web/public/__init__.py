"""Pages for everybody, without logging in: is this paper true, and what a school publishes of its plan."""
