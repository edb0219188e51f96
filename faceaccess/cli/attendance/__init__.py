"""Commands about the log and the hours made of it."""
