"""People: the list, one person, and what may be done about them."""
