"""The database as a file: opening, schema, lock, backup, damage."""
