"""Presentations drawn from photos, genuine and attacks, and what the liveness check makes of them."""
