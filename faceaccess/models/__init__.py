"""The models, the one that decides, its threshold, trials, re-embedding, and evidence of who is enrolled."""
