"""Commands that keep the record: backups, retention, encryption, operators."""
