"""The page Log: the entries, and the actions on one."""
