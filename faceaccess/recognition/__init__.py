"""Embeddings to decisions: gallery, decision, pipeline, and what a threshold costs."""
