"""People who come in numbers: from tables, folders, photo files and other installations."""
