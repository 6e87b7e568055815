"""Pages on which forms of plans and layouts of documents are looked at, changed and put in force."""
