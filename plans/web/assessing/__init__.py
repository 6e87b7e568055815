"""The self-assessment pages of a plan: the matrix of its criteria, the phiếu of each, their files."""
