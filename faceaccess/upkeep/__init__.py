"""Keeping the record: backups, retention, kept ends of the log, and regular chores."""
