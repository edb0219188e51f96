"""Qt models over the records."""
