"""Use cases at the door: the live session, check-in, entries."""
