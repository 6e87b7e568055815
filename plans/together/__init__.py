"""Together: comments, assignments and versions of a plan that several people write."""
