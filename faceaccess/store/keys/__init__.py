"""The database's key: its places, its custody, and its recovery."""
