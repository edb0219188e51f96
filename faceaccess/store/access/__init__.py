"""Who may do what: operators, roles, PINs, access groups."""
