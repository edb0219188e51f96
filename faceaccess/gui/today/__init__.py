"""The page Today: the people in, and how the days went."""
