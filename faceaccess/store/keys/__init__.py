"""The database's key: where it lies, who may have it, and getting it back."""
