"""The models, the one that decides and its threshold, trials, and re-embedding."""
