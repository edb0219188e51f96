"""Settings: cameras, thresholds, models, groups, who is told."""
