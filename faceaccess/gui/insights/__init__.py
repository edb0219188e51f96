"""The page Insights: the threshold's cost, groups, trial days, a map of faces, two photos compared."""
