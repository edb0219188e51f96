"""Enrolling at the desk: reviewing photos, finding doubles, storing templates."""
