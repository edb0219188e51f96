"""Pixels to embeddings: cameras, detection, tracking, alignment, quality, networks."""
