"""Today: who is in, and how the days went."""
