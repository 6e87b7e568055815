"""Forms of the planning of visits, each module for the pages of the same name."""
