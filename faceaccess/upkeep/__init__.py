"""Keeping the record: backups, retention, kept ends of the log, who did what, and regular chores."""
