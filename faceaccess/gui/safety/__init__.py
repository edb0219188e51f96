"""Safety: operators, encryption, backups, retention, the proof of the log."""
