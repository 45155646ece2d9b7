"""Pages of the ground: people and units, settings, the log, one's own account."""
