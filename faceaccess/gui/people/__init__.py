"""The page People: the list, one person, and the actions on them."""
