"""People and their records: photos, templates, consents, names."""
