"""Access: operators, roles, PINs, access groups."""
