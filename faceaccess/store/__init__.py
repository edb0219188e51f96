"""Records to SQLite: people, templates, photos, the journal, policies, keys."""
