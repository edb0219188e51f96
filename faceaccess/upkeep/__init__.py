"""What keeps the record: backups, retention, kept ends of the log, and what is due by itself."""
