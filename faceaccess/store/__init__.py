"""Records in SQLite: people, templates, photos, the journal, policies, keys."""
