"""The page Safety: operators, encryption, backups, retention, the proof of the log."""
