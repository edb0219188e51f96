"""The page Settings: cameras, thresholds, models, groups, notifications."""
