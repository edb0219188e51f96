"""Log: the entries, and what may be done about one."""
