"""Before the visit: a single visit from a school's page; a campaign with its people, schools and calendar."""
