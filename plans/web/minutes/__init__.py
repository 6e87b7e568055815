"""Pages of minutes and of the other papers of a visit: notice, record, report of a campaign."""
