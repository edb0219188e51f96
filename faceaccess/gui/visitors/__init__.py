"""The page Visitors: unknown faces that came more than once."""
