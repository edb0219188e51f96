"""People and what is kept of them: photos, templates, consents, names."""
