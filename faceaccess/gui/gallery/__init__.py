"""The page Gallery: possible problems with the photos enrolled."""
