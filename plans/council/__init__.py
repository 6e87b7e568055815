"""Council: who sits in the self-assessment council and in the monitoring team, year by year."""
