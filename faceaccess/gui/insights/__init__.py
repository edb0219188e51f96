"""The page Insights: what the threshold costs here, a map of the faces, and two photos compared."""
