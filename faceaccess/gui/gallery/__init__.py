"""Gallery: what may be amiss with the photos enrolled."""
