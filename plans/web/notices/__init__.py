"""Pages of notices: the inbox, and how a person wants to be told."""
